// Values that must not be seen, made up afresh at each run: nothing sensitive is ever in a file.
import { randomBytes, randomInt } from 'node:crypto';

export const sampleKinds = ['email', 'card', 'iban', 'key', 'phone', 'password'] as const;
export type SampleKind = (typeof sampleKinds)[number];

export function sampleValue(kind: SampleKind): string {
  switch (kind) {
    case 'email':
      return `${pick(['ines', 'marco', 'li.wei', 'tomasz'])}${randomInt(10, 99)}@${pick(hosts)}`;
    case 'card':
      return groups(withLuhn(`4${digits(14)}`));
    case 'iban':
      return groups(germanIban(digits(18)));
    case 'key':
      return `sk_live_${letters(24)}`;
    case 'phone':
      return `+49 30 ${randomInt(100_000, 999_999)}${randomInt(10, 99)}`;
    case 'password':
      return `${letters(10)}7`;
  }
}

const hosts = ['example.org', 'mail.example.com', 'acme.example.net'];

function pick(all: readonly string[]): string {
  return all[randomInt(all.length)] ?? '';
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}

function letters(count: number): string {
  return randomBytes(count * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, count);
}

function groups(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

function withLuhn(head: string): string {
  const sum = [...head].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return head + String((10 - (sum % 10)) % 10);
}

function germanIban(account: string): string {
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}
