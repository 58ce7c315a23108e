// Secrets and checksummed personal data of many kinds, all valid and none of anybody. Written apart
// from the recognisers: what those forget, this still makes.
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ibanCheck, luhnDigit, mod11and10Digit, verhoeffDigit, weighed } from './checksums.ts';

const digit = '0123456789';
const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const word = upper + lower + digit;
const base32 = `${upper}234567`;
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function some(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

const digits = (length: number) => some(digit, length);
const card = (start: string, length: number) => {
  const body = start + digits(length - 1 - start.length);
  return body + luhnDigit(body);
};
const iban = (country: string, account: string) =>
  `${country}${ibanCheck(country, account)}${account}`;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const twoDigits = (from: number, to: number) => String(randomInt(from, to)).padStart(2, '0');

/** GitHub's classic tokens end in the CRC-32 of what is before, in base 62. */
function githubToken(prefix: string): string {
  const body = some(word, 30);
  const alphabet = digit + upper + lower;
  let sum = crc32(body);
  let check = '';
  while (sum > 0) {
    check = `${alphabet[sum % 62]}${check}`;
    sum = Math.floor(sum / 62);
  }
  return `${prefix}_${body}${check.padStart(6, '0')}`;
}

function base58check(version: number): string {
  const payload = Buffer.concat([Buffer.from([version]), randomBytes(20)]);
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  let value = BigInt(
    `0x${Buffer.concat([payload, sha(sha(payload)).subarray(0, 4)]).toString('hex')}`,
  );
  let text = '';
  while (value > 0n) {
    text = `${base58[Number(value % 58n)]}${text}`;
    value /= 58n;
  }
  return version === 0 ? `1${text}` : text;
}

function cpf(): string {
  const body = digits(9);
  const check = (sum: number) => String(((sum * 10) % 11) % 10);
  const first = check(weighed(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]));
  const second = check(weighed(body + first, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
  const all = body + first + second;
  return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
}

function pesel(): string {
  const body = `${twoDigits(50, 99)}${twoDigits(1, 13)}${twoDigits(1, 29)}${digits(4)}`;
  return body + ((10 - (weighed(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10);
}

function burgerservicenummer(): Made {
  for (;;) {
    const body = String(randomInt(10_000_000, 99_999_999));
    const check = weighed(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    if (check < 10) return ['BSN ', `${body}${check}`];
  }
}

function germanTaxId(): Made {
  const order = [...digit].sort(() => randomInt(3) - 1).filter((each) => each !== '0');
  const body = `${order.slice(0, 9).join('')}${order[3]}`;
  return ['Steuer-ID ', `${body}${mod11and10Digit(body)}`];
}

function spanishDni(): string {
  const number = randomInt(10_000_000, 99_999_999);
  return `${number}${'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}`;
}

function finnishCode(): string {
  const birth = `${twoDigits(1, 29)}${twoDigits(1, 13)}${twoDigits(40, 99)}`;
  const number = twoDigits(10, 89) + digits(1);
  return `${birth}-${number}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(birth + number) % 31]}`;
}

function frenchNumber(): string {
  const birth = `${randomInt(1, 3)}${twoDigits(40, 99)}${twoDigits(1, 13)}`;
  const body = `${birth}${randomInt(10, 90)}${digits(6)}`;
  return `${body}${String(97n - (BigInt(body) % 97n)).padStart(2, '0')}`;
}

function webToken(): string {
  const claims = { sub: some(lower, 10), iat: randomInt(1_600_000_000, 1_700_000_000) };
  const head = base64url({ alg: 'HS256', typ: 'JWT' });
  return `${head}.${base64url(claims)}.${randomBytes(32).toString('base64url')}`;
}

/** A secret, or one between words that introduce it. */
export type Made = string | readonly [before: string, secret: string, after?: string];

/** One maker for each kind. */
export const secretKinds: Readonly<Record<string, () => Made>> = {
  awsKeyId: () => `AKIA${some(base32, 16)}`,
  awsSecret: () => ['aws_secret_access_key = ', some(`${word}/+`, 40)],
  githubPersonal: () => githubToken('ghp'),
  githubServer: () => githubToken('ghs'),
  gitlab: () => `glpat-${some(word, 20)}`,
  slack: () => `xoxb-${digits(12)}-${digits(13)}-${some(word, 24)}`,
  stripe: () => `sk_live_${some(word, 24)}`,
  google: () => `AIza${some(`${word}-_`, 35)}`,
  npm: () => `npm_${some(word, 36)}`,
  sendgrid: () => `SG.${some(word, 22)}.${some(word, 43)}`,
  webToken,
  bearer: () => ['Authorization: Bearer ', some(word, 40)],
  assigned: () => ['DB_PASSWORD=', some(word, 18)],
  inAddress: () => ['postgres://app:', some(word, 16), '@db.example.org/main'],
  visa: () => card('4', 16),
  mastercard: () => card(String(randomInt(51, 56)), 16),
  amex: () => card(String(randomInt(2) * 3 + 34), 15),
  spacedCard: () => card('4', 16).replaceAll(/(.{4})(?=.)/g, '$1 '),
  ibanGerman: () => iban('DE', digits(18)),
  ibanBritish: () => iban('GB', some(upper, 4) + digits(14)),
  ibanDutch: () => iban('NL', some(upper, 4) + digits(10)),
  aadhaar: () => {
    const body = String(randomInt(2, 9)) + digits(10);
    return ['Aadhaar ', `${body}${verhoeffDigit(body)}`];
  },
  cpf,
  pesel: () => ['PESEL ', pesel()],
  burgerservicenummer,
  germanTaxId,
  spanishDni,
  finnishCode,
  frenchNumber,
  bitcoin: () => base58check(0),
  ethereum: () => `0x${randomBytes(20).toString('hex')}`,
  email: () => `${some(lower, 7)}.${some(lower, 8)}@${some(lower, 9)}.com`,
};
