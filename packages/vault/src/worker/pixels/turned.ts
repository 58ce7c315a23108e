// Text that runs up or down: labels of axes, spines, stamps. What is drawn in narrow columns is
// read turned both ways; whatever it is not gives words that nothing is found in.
import type { Box } from '@handrail/core/events';
import type { ReadWord } from '@handrail/core/pixels';
import type { Page } from '../ocr/engine.ts';

export type Way = NonNullable<ReadWord['turned']>;

export interface TurnedPart {
  readonly page: Page;
  readonly way: Way;
  /** Where it stands in the picture it was cut from. */
  readonly box: Box;
}

/** Cells of this many pixels are inked or not. */
const cellPixels = 4;
const darkMax = 150;
const columnPixels = { widthMax: 56, heightMin: 48 } as const;
/** Columns are at least so many times as high as wide. */
const slenderness = 2.5;
const columnsMax = 12;
const edgePixels = 6;

/** Dark on light; gives each column twice, once for each way. */
export function turnedParts(picture: Page): TurnedPart[] {
  const columns = columnsIn(picture).slice(0, columnsMax);
  return columns.flatMap((box) =>
    (['up', 'down'] as const).map((way) => ({ page: turned(picture, box, way), way, box })),
  );
}

/** The place of a word of `part`, whose page was enlarged `scale` times, in the picture. */
export function turnedBack(word: ReadWord, { box, way }: TurnedPart, scale: number): ReadWord {
  const [from, to] = [word.box.x / scale, (word.box.x + word.box.width) / scale];
  const [top, bottom] = [word.box.y / scale, (word.box.y + word.box.height) / scale];
  const y = way === 'down' ? Math.floor(from) : Math.floor(box.height - to);
  const x = way === 'up' ? Math.floor(top) : Math.floor(box.width - bottom);
  const [width, height] = [Math.ceil(bottom - top) + 1, Math.ceil(to - from) + 1];
  return { text: word.text, turned: way, box: { x: box.x + x, y: box.y + y, width, height } };
}

/** Up: the picture's bottom becomes the page's left. Down: its top does. */
function turned({ grey, width }: Page, box: Box, way: Way): Page {
  const page = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const left = way === 'up' ? box.height - 1 - y : y;
      const top = way === 'up' ? x : box.width - 1 - x;
      page[top * box.height + left] = grey[(box.y + y) * width + box.x + x] ?? 255;
    }
  }
  return { width: box.height, height: box.width, grey: page };
}

function columnsIn(picture: Page): Box[] {
  const columns = Math.ceil(picture.width / cellPixels);
  const rows = Math.ceil(picture.height / cellPixels);
  const left = inkedCells(picture, columns, rows);
  const found: Box[] = [];
  for (let cell = 0; cell < left.length; cell++) {
    if (left[cell] !== 1) continue;
    const box = shapeFrom(cell, left, columns, rows);
    const { width, height } = box;
    const isColumn = width <= columnPixels.widthMax && height >= columnPixels.heightMin;
    if (isColumn && height >= width * slenderness) found.push(within(box, picture));
  }
  return found;
}

function inkedCells({ grey, width, height }: Page, columns: number, rows: number): Uint8Array {
  const cells = new Uint8Array(columns * rows);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellPixels) * columns;
    for (let x = 0; x < width; x++) {
      if ((grey[y * width + x] ?? 255) <= darkMax) cells[row + Math.floor(x / cellPixels)] = 1;
    }
  }
  return cells;
}

/** Cells that touch, a gap of one in a column counting as touching; they are struck off. */
function shapeFrom(first: number, left: Uint8Array, columns: number, rows: number): Box {
  const open = [first];
  left[first] = 0;
  let [x0, y0, x1, y1] = [columns, rows, 0, 0];
  for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    for (let row = Math.max(0, y - 2); row <= Math.min(rows - 1, y + 2); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(columns - 1, x + 1); column++) {
        const next = row * columns + column;
        if (left[next] !== 1) continue;
        left[next] = 0;
        open.push(next);
      }
    }
  }
  const [width, height] = [(x1 - x0 + 1) * cellPixels, (y1 - y0 + 1) * cellPixels];
  return { x: x0 * cellPixels, y: y0 * cellPixels, width, height };
}

function within(box: Box, { width, height }: Page): Box {
  const [x, y] = [Math.max(0, box.x - edgePixels), Math.max(0, box.y - edgePixels)];
  const right = Math.min(width, box.x + box.width + edgePixels);
  const bottom = Math.min(height, box.y + box.height + edgePixels);
  return { x, y, width: right - x, height: bottom - y };
}
