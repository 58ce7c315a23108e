import '@handrail/testbed/redaction-sources';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRedacted, redactedValue, redactText } from './index.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const key = fc.string({
  unit: fc.constantFrom(...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'),
  minLength: 36,
  maxLength: 48,
});

function luhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

function ibanOf(country: string, body: string): string {
  const letters = [...`${country}00`].map((each) => Number.parseInt(each, 36)).join('');
  return country + String(98n - (BigInt(body + letters) % 97n)).padStart(2, '0') + body;
}

function cpfOf(body: string): string {
  const check = (text: string): number => {
    const sum = [...text].reduce(
      (all, digit, at) => all + Number(digit) * (text.length + 1 - at),
      0,
    );
    return ((sum * 10) % 11) % 10;
  };
  const first = check(body);
  return `${body}${first}${check(body + first)}`;
}

const grouped = (value: string, separator: string): string =>
  value.replace(/(.{4})(?=.)/g, `$1${separator}`);
const separator = fc.constantFrom('', ' ', '-', '\u00A0', '\u2011', '\u200B');
const wide = (value: string): string =>
  value.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  card: digits(14).map((rest) => `4${rest}${luhnDigit(`4${rest}`)}`),
  'grouped card': fc
    .tuple(digits(14), separator)
    .map(([rest, between]) => grouped(`4${rest}${luhnDigit(`4${rest}`)}`, between)),
  'full-width card': digits(14).map((rest) => wide(`4${rest}${luhnDigit(`4${rest}`)}`)),
  iban: fc
    .tuple(digits(18), separator)
    .map(([body, between]) => grouped(ibanOf('DE', body), between)),
  'lower-case iban': digits(18).map((body) => ibanOf('DE', body).toLowerCase()),
  sin: digits(7).map((rest) => `4${rest}${luhnDigit(`4${rest}`)}`),
  cpf: digits(8).map((rest) => cpfOf(`1${rest}`)),
  email: fc.tuple(digits(6), digits(3)).map(([user, host]) => `u${user}@h${host}.example.org`),
  'github token': key.map((rest) => `ghp_${rest}`),
  'unknown vendor key': key.map((rest) => `acme_${rest}7`),
  mac: digits(12).map((all) => all.replace(/(..)(?=.)/g, '$1:')),
};

const before = fc.constantFrom('', 'see ', 'value=', '(', '"', 'Grüße, ', 'пиши ', '\n', '\uD800 ');
const after = fc.constantFrom('', ' please', ')', '".', ',', ';', '\n', '!', ' \uDC00');

describe.each(Object.entries(values))('a planted %s', (_name, arbitrary) => {
  test('is covered in any sentence, and nothing of it stays', () => {
    fc.assert(
      fc.property(before, arbitrary, after, (head, value, tail) => {
        const { findings, redacted } = redactText(head + value + tail);
        const covered = findings.some(
          ({ start, end }) => start <= head.length && end >= head.length + value.length,
        );
        expect(covered).toBe(true);
        expect(redactedValue(redacted)).not.toContain(value);
      }),
      { numRuns: 150 },
    );
  });
});

test('redacting twice changes nothing more', () => {
  const word = fc.constantFrom(
    'password:',
    'call',
    'card',
    'the',
    'is',
    'key=',
    '[email]',
    '\u200B',
    '%40',
  );
  const piece = fc.oneof(
    word,
    fc.string({ unit: 'binary', maxLength: 12 }),
    ...Object.values(values),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const once = redactedValue(redactText(pieces.join(' ')).redacted);
      expect(redactedValue(redactText(once).redacted)).toBe(once);
    }),
    { numRuns: 500 },
  );
});

test('findings are sorted, apart and inside the text, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      let from = 0;
      for (const { start, end } of redactText(text).findings) {
        expect(start).toBeGreaterThanOrEqual(from);
        expect(end).toBeGreaterThan(start);
        from = end;
      }
      expect(from).toBeLessThanOrEqual(text.length);
    }),
  );
});

test('unpaired surrogates around a value survive', () => {
  const { redacted } = redactText('\uDC00 4111111111111111 \uD800');
  expect(redactedValue(redacted)).toBe('\uDC00 [card] \uD800');
});

test.each([
  ['a full-width number', 'pay ４１１１ １１１１ １１１１ １１１１ now', 'pay [card] now'],
  ['an escaped address', '/find?q=jane%40example.org&x=1', '/find?q=[email]&x=1'],
  ['Arabic-Indic digits', '٤١١١١١١١١١١١١١١١', '[card]'],
  ['Cyrillic look-alikes', 'jаnе@ехаmрlе.оrg', '[email]'],
  ['a value in JSON with escapes', '{"m":"jane\\u0040example.org"}', '{"m":"[email]"}'],
])('%s is found and its original span replaced', (_name, text, expected) => {
  expect(redactedValue(redactText(text).redacted)).toBe(expected);
});

test('the replacement tells the class and never the length', () => {
  const short = redactedValue(redactText('password=abcd1').redacted);
  const long = redactedValue(redactText(`password=${'abcd1'.repeat(20)}`).redacted);
  expect(short).toBe(long);
});

test('nobody else can make Redacted, and printing one shows nothing', () => {
  const { redacted } = redactText('plain text');
  expect(isRedacted(redacted)).toBe(true);
  expect(isRedacted({ ...redacted })).toBe(false);
  expect(`${redacted}${JSON.stringify({ redacted })}`).not.toContain('plain');
});

test.each([
  'const value = document.getElementsByClassName("panel-heading")[0];',
  '/wiki/History_of_the_Internet_in_the_1990s',
  '/usr/lib/x86_64-linux-gnu/libQt5Core.so.5.15.2',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'commit 3f786850e387550fdab836ed7e6dc881de23001b',
  'It took 1700000000000 ns, order #10023, $1,234,567.89',
  'ISBN 978-3-16-148410-0, pages 100-200, chapter 12',
  'Forgot your password? The secret is to keep going.',
  'com.example.android.app.MainActivity2 on 1920x1080+0+0',
])('ordinary text stays: %s', (text) => {
  expect(redactText(text).findings).toEqual([]);
});
