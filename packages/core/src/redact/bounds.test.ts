import '@handrail/testbed/redaction-sources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInText, textCharsMax, windowChars } from './find.ts';
import { whyNotLinear } from './pattern-linear.ts';
import { rules } from './rules/all.ts';

test.each([
  [/a+/, 'unlimited repetition'],
  [/a{2,}/, 'unlimited repetition'],
  [/(a)\1/, 'refers back'],
  [/(?:a{1,9}){1,9}/, 'a repeated group repeats inside without a delimiter'],
  [/(?:a?b?){1,9}/, 'a repeated group repeats inside without a delimiter'],
  [/a{1,30000}/, 'repetition limit too high'],
])('the pattern %s may not be used', (pattern, reason) => {
  expect(whyNotLinear(pattern)).toBe(reason);
});

test.each([/a{1,9}/, /(?:\.[a-z]{1,9}){1,9}/, /[*+]\*/, /(?:[ -]?\d){4}/])(
  'the pattern %s is bounded',
  (pattern) => expect(whyNotLinear(pattern)).toBeUndefined(),
);

// Matching that grows faster than the text would not end within the test timeout at this size.
const size = 64 * 1024;
const teasers = [
  'a',
  '1',
  '1 ',
  '4-',
  'A1',
  '-',
  '@',
  'a@a.',
  'a.',
  ':',
  '0:',
  'eyJ',
  'eyJa.',
  'password',
  'password: ',
  'key=',
  'is ',
  '-----BEGIN PRIVATE KEY-----',
  'http://a:',
  '%40',
  '(0',
  '+1',
  'legal ',
  'Private-Lines: 1\nA\n',
  'curl ',
  'code ',
  '\u200B1',
  '<password ',
  'sk-',
  'your a code ',
  'Anna ',
  'Anna, ',
  'A. ',
  'Wuppertal ',
  'Acme Inc ',
  'de la ',
  'Name: ',
  'Name\t',
  '12 Main St, ',
  '12 Main St\n',
  'the corner of ',
  'Apt. 1 ',
  'rue de ',
  'ZAO «',
  'abandon ',
  '王',
  'Anna is a ',
  'x y z: ',
];

test.each(teasers)(
  '%j over and over is searched in bounded time',
  { timeout: 20_000 },
  (teaser) => {
    const text = teaser.repeat(Math.ceil(size / teaser.length));
    for (const { start, end } of findInText(text)) expect(end).toBeGreaterThan(start);
  },
);

test('texts made of any fragments are searched in bounded time', { timeout: 120_000 }, () => {
  const fragment = fc.oneof(
    fc.constantFrom(...teasers),
    fc.string({ maxLength: 6, unit: 'binary' }),
  );
  const fragments = fc.array(fragment, { minLength: 1, maxLength: 6 });
  const check = (parts: readonly string[]): void => {
    const text = parts.join('').repeat(2_000).slice(0, 12_000);
    for (const { start, end } of findInText(text)) expect(end).toBeGreaterThan(start);
  };
  fc.assert(fc.property(fragments, check), { numRuns: 40 });
});

test('every rule was held against the structure check', () => {
  for (const rule of rules)
    expect([rule.id, whyNotLinear(rule.pattern)]).toEqual([rule.id, undefined]);
});

test('a value on the seam of two windows is found once', () => {
  const text = `${'word '.repeat(windowChars / 5)}4111 1111 1111 1111${' word'.repeat(40_000)}`;
  for (const shift of [0, 7, 11, 40]) {
    expect(findInText(text.slice(shift)).map((finding) => finding.class)).toEqual(['card']);
  }
});

test('a paste of 10 MB, most of it one token, keeps none of its values', () => {
  const token = 'x'.repeat(5 * 1024 * 1024);
  const text = `password: tigerlily77 ${token} 4111 1111 1111 1111 ${token} ada@example.org`;
  const classes = findInText(text).map((finding) => finding.class);
  expect(classes).toEqual(['secret', 'card', 'email']);
});

test('a text over the limit is refused', () => {
  expect(() => findInText(' '.repeat(textCharsMax + 1))).toThrow(
    expect.objectContaining({ code: 'input.too-large' }),
  );
});
