// Looks for the values in pictures: by reading them as they are and twice as large, and by places
// that must be one colour because nobody may see what lay there.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Rectangle } from '../desk/page-state.ts';
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
  let letters = 0;
  const scan = async ([file, picture]: readonly [string, Buffer]) => {
    const pixels = await pixelsOf(picture);
    for (const area of areas) if (!isEven(pixels, area)) seen.set(area.name, file);
    for (const times of [1, 2] as const) {
      const text = plainLetters(await readShown(pixels, times));
      letters += text.length;
      for (const [at, value] of wanted.entries()) if (standsIn(value, text)) found.set(at, file);
    }
  };
  const queue = [...distinct];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await scan(next);
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

/** Reads the part that is not one colour: most of a recorded screen is filled. */
async function readShown(pixels: Pixels, times: 1 | 2): Promise<string> {
  const part = shownPart(pixels);
  return part === undefined ? '' : readText(pixels, times, part);
}

function shownPart({ width, height, rgb }: Pixels): Rectangle | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = 3 * (y * width + x);
      if (rgb[at] === rgb[0] && rgb[at + 1] === rgb[1] && rgb[at + 2] === rgb[2]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < left) return undefined;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
