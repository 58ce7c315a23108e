import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tagGapMax } from '@handrail/core/opening';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TagNumbers } from './tag-numbers.ts';

let folder: string;
const ann = { pseudonym: 'part_ann', consentEpoch: 1 };
const bob = { pseudonym: 'part_bob', consentEpoch: 1 };
const path = () => join(folder, 'tag-numbers');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tag-numbers-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function takes(count: number, owner = ann): Promise<number[]> {
  const numbers = await TagNumbers.open(folder);
  const taken: number[] = [];
  for (let at = 0; at < count; at++) taken.push(...(await numbers.take([owner])));
  return taken;
}

test('each participant has numbers of their own, and each epoch too', async () => {
  const numbers = await TagNumbers.open(folder);
  expect(await numbers.take([ann, bob, { ...ann, consentEpoch: 2 }])).toEqual([0, 0, 0]);
  expect(await numbers.take([ann, bob])).toEqual([1, 1]);
  expect(await Promise.all([numbers.take([ann]), numbers.take([ann])])).toEqual([[2], [3]]);
});

test('no number comes again after a sudden end, and few are passed over', async () => {
  const taken = [...(await takes(3)), ...(await takes(20)), ...(await takes(1))];
  expect(new Set(taken).size).toBe(taken.length);
  expect(Math.max(...taken)).toBeLessThan(taken.length + 3 * 16);
});

test('a number is on disk before it is given', async () => {
  const numbers = await TagNumbers.open(folder);
  await numbers.take([ann]);
  expect(await readFile(path(), 'utf8')).toBe('["part_ann 1",0,16]\n');
});

test('a line that was cut off counts as not written, a damaged one stops the keeper', async () => {
  await takes(1);
  await appendFile(path(), '["part_ann 1",0,3');
  expect(await takes(1)).toEqual([16]);
  await writeFile(path(), 'nonsense\n');
  await expect(TagNumbers.open(folder)).rejects.toThrow('damaged');
});

test('what never reaches the ledger does not run further ahead than a device looks', async () => {
  const numbers = await TagNumbers.open(folder);
  for (let at = 0; at < 2 * tagGapMax; at++) await numbers.take([ann]);
  expect(await numbers.take([ann])).toEqual([tagGapMax - 1]);
  numbers.prove(ann, tagGapMax - 1);
  expect(await numbers.take([ann])).toEqual([tagGapMax]);
});
