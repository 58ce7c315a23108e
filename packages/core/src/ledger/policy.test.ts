import { expect, test } from 'vitest';
import { verifierKey, verifierLine } from './note-key.ts';
import { formatPolicy, parsePolicy } from './policy.ts';

const key = (name: string, fill: number, kind: 'ed25519' | 'cosignature' = 'cosignature') =>
  verifierKey(name, new Uint8Array(32).fill(fill), kind);
const log = key('example.com/log', 1, 'ed25519');
const [one, two, three] = [key('one', 2), key('two', 3), key('three', 4)];
const lines = [
  '# whom we believe',
  `log ${verifierLine(log)} https://log.example`,
  `witness a ${verifierLine(one)}`,
  `witness b ${verifierLine(two)} https://b.example # far away`,
  `witness c ${verifierLine(three)}`,
];
const policy = (...more: readonly string[]) => parsePolicy([...lines, ...more, ''].join('\n'));

test('a policy names a log, witnesses and how many of which count', () => {
  expect(policy('group g 2 a b c', 'quorum g')).toEqual({
    log,
    witnesses: [one, two, three],
    quorum: 2,
  });
  expect(policy('group g any a b', 'quorum g')).toEqual({ log, witnesses: [one, two], quorum: 1 });
  expect(policy('group g all a b', 'quorum g').quorum).toBe(2);
  expect(policy('quorum b')).toEqual({ log, witnesses: [two], quorum: 1 });
  expect(policy('quorum none')).toEqual({ log, witnesses: [], quorum: 0 });
});

test('what is written is read again', () => {
  for (const quorum of [0, 1, 2]) {
    const witnesses = quorum === 0 ? [] : [one, two];
    expect(parsePolicy(formatPolicy({ log, witnesses, quorum }))).toEqual({
      ...{ log, witnesses, quorum },
    });
  }
});

test.each([
  ['no quorum', []],
  ['an unknown group', ['quorum h']],
  ['an unknown member', ['group g any a x', 'quorum g']],
  ['more than there are', ['group g 3 a b', 'quorum g']],
  ['none of them', ['group g 0 a b', 'quorum g']],
  ['a member twice', ['group g 2 a a', 'quorum g']],
  ['a witness twice', [`witness d ${verifierLine(one)}`, 'quorum d']],
  ['two logs', [`log ${verifierLine(log)}`, 'quorum a']],
  ['two quorums', ['quorum a', 'quorum b']],
  ['a word that is not known', ['trust everybody', 'quorum a']],
  ['no key', ['witness d nonsense', 'quorum a']],
])('half a policy is none: %s', (_what, more) => {
  expect(() => policy(...more)).toThrow(/policy/);
});
