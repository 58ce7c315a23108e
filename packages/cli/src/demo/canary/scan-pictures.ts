// Looks for the values in pictures: by reading them as they are and twice as large, and by places
// that must be one colour because nobody may see what lay there.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Rectangle } from '../desk/page-state.ts';
import { changedBands } from './changed-bands.ts';
import { plainLetters, standsIn } from './fuzzy.ts';
import { isEven, type Pixels, pixelsOf, readText } from './pictures.ts';

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

export async function scanPictures(
  files: readonly string[],
  values: readonly string[],
  areas: readonly HiddenArea[],
): Promise<PictureFindings> {
  const wanted = values.map(plainLetters);
  const found = new Map<number, string>();
  const seen = new Map<string, string>();
  const distinct = await distinctPictures(files);
  const queue: { readonly file: string; readonly pixels: Pixels; readonly part: Rectangle }[] = [];
  let before: Pixels | undefined;
  for (const [file, picture] of distinct) {
    const pixels = await pixelsOf(picture);
    for (const area of areas) if (!isEven(pixels, area)) seen.set(area.name, file);
    for (const part of changedBands(pixels, before)) queue.push({ file, pixels, part });
    before = pixels;
  }
  let letters = 0;
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { file, pixels, part } = next;
      for (const times of [1, 2] as const) {
        const text = plainLetters(await readText(pixels, times, part));
        letters += text.length;
        for (const [at, value] of wanted.entries()) if (standsIn(value, text)) found.set(at, file);
      }
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, work));
  return { found, seen, pictures: distinct.size, letters };
}

async function distinctPictures(files: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const digests = new Set<string>();
  const distinct = new Map<string, Buffer>();
  for (const file of files) {
    const picture = await readFile(file);
    const digest = createHash('sha256').update(picture).digest('hex');
    if (digests.has(digest)) continue;
    digests.add(digest);
    distinct.set(file, picture);
  }
  return distinct;
}
