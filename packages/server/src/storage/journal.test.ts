import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileJournal } from './journal.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function written(...values: readonly unknown[]): Promise<void> {
  await using journal = await FileJournal.open(folder);
  for (const value of values) await journal.append(value);
}

test('records are given back in order, from any point on', async () => {
  await written('one', { two: 2 });
  await written('three');
  await using journal = await FileJournal.open(folder);
  expect((await journal.after(0)).map(({ value }) => value)).toEqual(['one', { two: 2 }, 'three']);
  expect(await journal.after(2)).toEqual([{ sequence: 3, value: 'three' }]);
});

test('a record whose writing was cut off does not count, and does not hide the next', async () => {
  await written('one');
  await appendFile(join(folder, 'records'), '{"sequence":2,"val');
  await written('two');
  await using journal = await FileJournal.open(folder);
  expect((await journal.after(0)).map(({ value }) => value)).toEqual(['one', 'two']);
});

test('damage in the middle stops the start', async () => {
  await written('one', 'two', 'three');
  const path = join(folder, 'records');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"sequence":2', '"sequence":9'));
  await expect(FileJournal.open(folder)).rejects.toMatchObject({ code: 'storage.broken' });
});

test('a rewritten journal keeps its numbers, takes more, and still notices damage', async () => {
  await written('one', 'two', 'three', 'four');
  {
    await using journal = await FileJournal.open(folder);
    const before = journal.bytes;
    await journal.rewrite((records) => records.filter(({ value }) => value === 'two'));
    expect(journal.bytes).toBeLessThan(before);
    expect(await journal.append('five')).toBe(5);
  }
  await written('six');
  {
    await using journal = await FileJournal.open(folder);
    const kept = [
      { sequence: 2, value: 'two' },
      { sequence: 5, value: 'five' },
      { sequence: 6, value: 'six' },
    ];
    expect(await journal.after(0)).toEqual(kept);
    expect(await journal.after(4)).toEqual(kept.slice(1));
    await journal.rewrite(() => []);
  }
  await written('seven');
  await using journal = await FileJournal.open(folder);
  expect(await journal.after(0)).toEqual([{ sequence: 7, value: 'seven' }]);
  const path = join(folder, 'records');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"sequence":7', '"sequence":8'));
  await expect(FileJournal.open(folder)).rejects.toMatchObject({ code: 'storage.broken' });
});
