// Finds given values in texts and in what frames show, and nothing else: no rule is asked.
import type { Box } from '../events/index.ts';
import { blocksToSearch, fillsOf, isEdge, type ShownFrame, spanOf } from './find-on-screen.ts';
import { type Match, near, signsUnboundedMin } from './fuzzy.ts';
import { readingOf } from './lines.ts';
import { skeletonOf } from './skeleton.ts';

/** A value as it is looked for: letters and digits, with one sign for those that look alike. */
export function signsInValue(value: string): string {
  return skeletonOf(value).signs;
}

/** Where one of `values` stands in `text` as a whole; in UTF-16 units, in order, apart. */
export function placesOf(text: string, values: readonly string[]): Match[] {
  return apart(matchesIn(text, values, 0).filter((place) => isWhole(text, place)));
}

/** Frame by frame, boxes over the words that are, or are read much like, one of `values`. */
export function findKnown(
  frames: readonly ShownFrame[],
  values: readonly string[],
): (readonly Box[])[] {
  return frames.map((frame) => {
    return blocksToSearch(frame).flatMap((block) => {
      const reading = readingOf(block);
      const spans = matchesIn(reading.text, values).flatMap((place) => {
        const isLong = place.signs >= signsUnboundedMin;
        if (!isLong && !isWhole(reading.text, place)) return [];
        return spanOf(reading, place.start, place.end, 'person') ?? [];
      });
      return fillsOf(block, { spans }).map(({ box }) => box);
    });
  });
}

interface Place extends Match {
  /** Of the value that was found. */
  readonly signs: number;
}

/** In units of `text`. */
function matchesIn(text: string, values: readonly string[], edits?: number): Place[] {
  const { signs, at } = skeletonOf(text);
  return values.flatMap((value) => {
    return near(signs, value, edits).map((match) => ({
      start: at[match.start] ?? 0,
      end: (at[match.end - 1] ?? 0) + 1,
      signs: value.length,
    }));
  });
}

function isWhole(text: string, { start, end }: Match): boolean {
  return isEdge(text, start) && isEdge(text, end);
}

function apart(places: readonly Match[]): Match[] {
  const joined: Match[] = [];
  for (const { start, end } of [...places].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || start >= last.end) joined.push({ start, end });
    else joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, end) };
  }
  return joined;
}
