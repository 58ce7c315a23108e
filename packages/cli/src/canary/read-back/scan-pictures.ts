// Looks for the values in pictures: by reading them as they are and twice as large, and by places
// that must be one colour because nobody may see what lay there.
import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { Rectangle } from '../../desk/page-state.ts';
import { changedBands } from './changed-bands.ts';
import { FuzzySearch, plainLetters } from './fuzzy.ts';
import { isEven, type Pixels, pixelsOf, readText } from './pictures.ts';
import { filesIn } from './scan-files.ts';

const readAtOnce = 2;

export interface HiddenArea extends Rectangle {
  readonly name: string;
}

export interface PictureFindings {
  /** Numbers of the values that can be read, with a picture each. */
  readonly found: ReadonlyMap<number, string>;
  /** Areas where something can be seen, with a picture each. */
  readonly seen: ReadonlyMap<string, string>;
  readonly pictures: number;
  /** Letters that could be read at all: a scan that reads nothing proves nothing. */
  readonly letters: number;
}

interface Band {
  readonly file: string;
  readonly pixels: Pixels;
  readonly part: Rectangle;
}

export async function scanPictures(
  files: readonly string[],
  values: readonly string[],
  areas: readonly HiddenArea[],
): Promise<PictureFindings> {
  const search = new FuzzySearch(values);
  const found = new Map<number, string>();
  const seen = new Map<string, string>();
  const distinct = await distinctPictures(files);
  let letters = 0;
  const read = async ({ file, pixels, part }: Band) => {
    for (const times of [1, 2] as const) {
      const text = plainLetters(await readText(pixels, times, part));
      letters += text.length;
      for (const value of search.in(text, found)) found.set(value, file);
    }
  };
  const bands = bandsOf(distinct, areas, seen);
  const work = async () => {
    for (let next = await bands.next(); !next.done; next = await bands.next())
      await read(next.value);
  };
  await Promise.all(Array.from({ length: readAtOnce }, work));
  return { found, seen, pictures: distinct.length, letters };
}

/** What must be read of each picture; one picture after the other, so that few are in memory. */
async function* bandsOf(
  files: readonly string[],
  areas: readonly HiddenArea[],
  seen: Map<string, string>,
): AsyncGenerator<Band> {
  let before: Pixels | undefined;
  for (const file of files) {
    const pixels = await pixelsOf(await readFile(file));
    for (const area of areas) if (!isEven(pixels, area)) seen.set(area.name, file);
    for (const part of changedBands(pixels, before)) yield { file, pixels, part };
    before = pixels;
  }
}

/** All pictures under a folder, whatever they are called. */
export async function picturesIn(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const file of filesIn(folder)) if (await isPicture(file)) found.push(file);
  return found;
}

async function isPicture(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
  const start = buffer.toString('latin1', 0, bytesRead);
  const isWebp = start.startsWith('RIFF') && start.endsWith('WEBP');
  return isWebp || start.startsWith('\x89PNG') || start.startsWith('\xff\xd8\xff');
}

async function distinctPictures(files: readonly string[]): Promise<readonly string[]> {
  const byDigest = new Map<string, string>();
  for (const file of files) {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    if (!byDigest.has(digest)) byDigest.set(digest, file);
  }
  return [...byDigest.values()];
}
