// One look at frames: what is read in them, and what of that must not be seen.
import { HandrailError } from '@handrail/core/errors';
import type { Box } from '@handrail/core/events';
import {
  centreIn,
  type Fill,
  findOnScreen,
  type ReadWord,
  type ScreenFindings,
  type UnlistedWord,
  unlistedWords,
  withMargin,
} from '@handrail/core/pixels';
import { isDrawn, type Surface } from '@handrail/core/redact';
import { type Frame, isDrawing } from '@handrail/core/segment';
import type { FramePixels } from '../decode-frames.ts';
import type { FrameReader } from './frame-reader.ts';
import type { Redacting } from './redacting.ts';
import { islandAround } from './shown-island.ts';

type ShownFrame = Pick<Frame, 'filled' | 'areas'>;

/** `texts` are raw, and of the same moment as what `reader` was given of `frames`. */
export async function look(
  texts: readonly Surface[],
  frames: readonly ShownFrame[],
  reader: FrameReader,
  how: Redacting,
  pixelsOf: () => AsyncIterable<FramePixels> | Iterable<FramePixels>,
): Promise<ScreenFindings> {
  const read = await wordsOf(reader, frames, how);
  const shown = read.map((words, at) => ({ words, filled: blackBoxes(frames[at]?.filled ?? []) }));
  const found = findOnScreen(texts, shown, how.known);
  const unlisted = shown.map(({ words, filled }, at) => {
    return unlistedWords(words, frames[at]?.areas ?? [], filled, how.ruleOf);
  });
  if (unlisted.every((words) => words.length === 0)) return found;
  const written = await writtenOnly(unlisted, pixelsOf());
  return { ...found, fills: found.fills.map((each, at) => [...each, ...(written[at] ?? [])]) };
}

/** What a device draws for words it does not show may look like some: a drawing says nothing. */
async function writtenOnly(
  unlisted: readonly (readonly UnlistedWord[])[],
  pixels: AsyncIterable<FramePixels> | Iterable<FramePixels>,
): Promise<readonly (readonly Fill[])[]> {
  const written: Fill[][] = [];
  for await (const frame of pixels) {
    const rgb = { ...frame, rgb: frame.pixels };
    const islands: Box[] = [];
    for (const word of unlisted[written.length] ?? []) {
      if (isDrawn(rgb, word.box, [])) continue;
      if (islands.some((island) => centreIn(word.box, island))) continue;
      islands.push(islandAround(frame, word));
    }
    written.push(islands.map((box) => ({ box: withMargin(box), class: 'word' })));
  }
  return written;
}

/** Frames without any words where a released segment cannot be read. */
async function wordsOf(
  reader: FrameReader,
  frames: readonly unknown[],
  how: Redacting,
): Promise<readonly (readonly ReadWord[])[]> {
  const words = await readIfPossible(how, () => reader.words());
  return words ?? frames.map(() => []);
}

export async function readIfPossible<T>(
  { isReleased }: Redacting,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isReleased && error instanceof HandrailError) return undefined;
    throw error;
  }
}

/** What is black; a drawing is looked at like anything else. */
export function blackBoxes(filled: Frame['filled']) {
  return filled.filter((one) => !isDrawing(one)).map(({ box }) => box);
}
