import { expect, test } from 'vitest';
import { toBase64url, utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { newSigningSeed, signerFromSeed } from '../seal/index.ts';
import { sign } from './envelope.ts';
import { judgeRelease, type ReleaseList, readReleaseList } from './release-list.ts';

const id = (name: string) => idOf('rel', utf8(name));
const at = '2026-11-23T10:00:00Z';
const manifest = 'ab'.repeat(32);
const gone = { manifest, state: 'superseded', at, reason: 'withdrawal' } as const;
const list: ReleaseList = {
  ...({ v: 1, kind: 'release-list', number: 4, at } as const),
  programme: idOf('prog', utf8('p')),
  releases: [
    { release: id('first'), ...gone, supersededBy: id('second') },
    { release: id('second'), ...gone, supersededBy: id('third') },
    { release: id('third'), manifest, state: 'good', at },
    { release: id('round'), ...gone, supersededBy: id('round') },
  ],
};

test('a release stands, or is followed to what took its place', () => {
  expect(judgeRelease(list, { release: id('third'), manifest })).toEqual({ kind: 'good' });
  const verdict = judgeRelease(list, { release: id('first') });
  if (verdict.kind !== 'superseded') throw new Error('it stands');
  expect(verdict.chain.map(({ release }) => release)).toEqual([
    ...[id('first'), id('second'), id('third')],
  ]);
  expect(judgeRelease(list, { release: id('round') })).toMatchObject({ kind: 'superseded' });
});

test('what a list cannot know is no yes', () => {
  const why = (named: Parameters<typeof judgeRelease>[1]) => judgeRelease(list, named);
  expect(why({ release: id('other') })).toEqual({ kind: 'unknown', why: 'not-listed' });
  expect(why({ release: id('third'), manifest: 'cd'.repeat(32) })).toEqual({
    ...{ kind: 'unknown', why: 'another-manifest' },
  });
  expect(why({ release: id('third'), listNumber: 5 })).toEqual({ kind: 'unknown', why: 'older' });
});

test('only the bytes that the vault signed are a list', async () => {
  const vault = await signerFromSeed(newSigningSeed());
  const other = await signerFromSeed(newSigningSeed());
  const key = toBase64url(vault.publicKey);
  const text = JSON.stringify(await sign(list, vault));
  expect(await readReleaseList(utf8(text), key)).toEqual(list);
  const forged = [JSON.stringify(await sign(list, other)), text.replace('good', 'GOOD'), '{}', 'x'];
  forged.push(text.replace('"state":"superseded"', '"state":"good"'));
  forged.push(text.replace('"number":4', '"number":9'));
  for (const bytes of forged.map(utf8)) expect(await readReleaseList(bytes, key)).toBeUndefined();
});
