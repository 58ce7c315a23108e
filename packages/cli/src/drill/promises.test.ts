import { expect, test } from 'vitest';
import { judgePromises, promises, type Seen } from './promises.ts';

const all = promises.map((_, at): Seen => ({ promise: at + 1, what: 'seen', ok: true }));
const verdicts = (seen: readonly Seen[]) => judgePromises(seen).map(({ verdict }) => verdict);

test('what is not claimed on one machine is said to be so', () => {
  expect(verdicts(all).map((verdict, at) => `${at + 1} ${verdict}`)).toEqual([
    ...['1 held', '2 not claimed here', '3 not claimed here', '4 held', '5 held'],
    ...['6 held', '7 held', '8 held', '9 held'],
  ]);
});

test('what broke is broken, claimed or not, and so is what nothing was seen of', () => {
  for (const [at] of promises.entries()) {
    const broken: Seen = { promise: at + 1, what: 'a leak', ok: false };
    expect(verdicts([...all, broken])[at]).toBe('broken');
    expect(verdicts(all.filter(({ promise }) => promise !== at + 1))[at]).toBe('broken');
  }
});
