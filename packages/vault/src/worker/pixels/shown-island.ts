// What of a drawn context is shown around one place: pixels that are no drawing, as far as they
// hang together. All of it is filled, for the borders that a word leaves behind read like letters.
import type { Box } from '@handrail/core/events';
import type { UnlistedWord } from '@handrail/core/pixels';
import { isDrawn, layoutGridPixels } from '@handrail/core/redact';
import type { FramePixels } from '../decode-frames.ts';

/** Blank cells between the words of a line, and between a word and the border around it. */
const gapCells = 2;

/** The island that begins under the word, at least the word itself, and only of its context. */
export function islandAround(frame: FramePixels, word: UnlistedWord): Box {
  const isShown = shownCells(frame, word);
  const cells = cellsOf(word.box);
  const open: (readonly [x: number, y: number])[] = [];
  const seen = new Set<string>();
  const take = (from: Cells) => {
    for (let y = from.top; y <= from.bottom; y++) {
      for (let x = from.left; x <= from.right; x++) {
        const cell = `${x} ${y}`;
        if (seen.has(cell)) continue;
        seen.add(cell);
        if (isShown(x, y)) open.push([x, y]);
      }
    }
  };
  take(cells);
  let { left, top, right, bottom } = cells;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [x, y] = next;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
    take({ left: x - gapCells, top: y - 1, right: x + gapCells, bottom: y + 1 });
  }
  const edge = layoutGridPixels;
  const [width, height] = [(right - left + 1) * edge, (bottom - top + 1) * edge];
  return { x: left * edge, y: top * edge, width, height };
}

interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function cellsOf({ x, y, width, height }: Box): Cells {
  const cell = (at: number) => Math.floor(at / layoutGridPixels);
  return { left: cell(x), top: cell(y), right: cell(x + width - 1), bottom: cell(y + height - 1) };
}

function isIn({ left, top, right, bottom }: Cells, x: number, y: number): boolean {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function shownCells(frame: FramePixels, { within, above }: UnlistedWord) {
  const rgb = { ...frame, rgb: frame.pixels };
  const inside = cellsOf(within);
  const others = above.map(cellsOf);
  return (x: number, y: number): boolean => {
    if (!isIn(inside, x, y) || others.some((cells) => isIn(cells, x, y))) return false;
    const [width, height] = [layoutGridPixels, layoutGridPixels];
    return !isDrawn(rgb, { x: x * width, y: y * height, width, height }, []);
  };
}
