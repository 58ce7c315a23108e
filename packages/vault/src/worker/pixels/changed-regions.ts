// Which parts of a frame must be read: what differs from the frame before, grown to whole words and
// lines. Black, which stands for all that is not shown, is where everything begins.
import type { Box } from '@handrail/core/events';
import { paintable } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';
import { type Grey, greyOf, hasInk } from './grey.ts';

export const tilePixels = 16;
/** More patches than this are read as one. */
const patchesMax = 48;
/** How far a patch may grow to reach the ends of its words and lines. */
const reach = { x: 640, y: 96 } as const;
/** Blank pixels that end a word, and a line. */
const gap = { x: 14, y: 5 } as const;
const edgePixels = 8;

export interface ChangedTiles {
  readonly columns: number;
  readonly rows: number;
  /** One byte a tile: 1 where a pixel differs. */
  readonly tiles: Uint8Array;
}

/** `before` is undefined, or of another size, where nothing was shown before. */
export function changedTiles(before: FramePixels | undefined, after: FramePixels): ChangedTiles {
  const { width, height } = after;
  const columns = Math.ceil(width / tilePixels);
  const rows = Math.ceil(height / tilePixels);
  const tiles = new Uint8Array(columns * rows);
  const same = before?.width === width && before.height === height;
  const black = new Uint8Array(width * 3);
  for (let y = 0; y < height; y++) {
    const now = after.pixels.subarray(y * width * 3, (y + 1) * width * 3);
    const old = same ? before.pixels.subarray(y * width * 3, (y + 1) * width * 3) : black;
    if (Buffer.compare(now, old) === 0) continue;
    const row = Math.floor(y / tilePixels) * columns;
    for (let column = 0; column < columns; column++) {
      if (tiles[row + column] === 1) continue;
      const from = column * tilePixels * 3;
      const to = from + tilePixels * 3;
      if (Buffer.compare(now.subarray(from, to), old.subarray(from, to)) !== 0) {
        tiles[row + column] = 1;
      }
    }
  }
  return { columns, rows, tiles };
}

/** True when a changed tile lies under `box`. */
export function touchesChange({ columns, rows, tiles }: ChangedTiles, box: Box): boolean {
  const right = Math.min(columns - 1, Math.floor((box.x + box.width - 1) / tilePixels));
  const bottom = Math.min(rows - 1, Math.floor((box.y + box.height - 1) / tilePixels));
  for (let row = Math.max(0, Math.floor(box.y / tilePixels)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.floor(box.x / tilePixels)); column <= right; column++) {
      if (tiles[row * columns + column] === 1) return true;
    }
  }
  return false;
}

/** The regions to read, apart from each other, each with whole words and lines. */
export function regionsOf(changed: ChangedTiles, frame: FramePixels): Box[] {
  const grown = patchesOf(changed).map((patch) => grownToText(patch, frame));
  return unitedWhereTouching(grown);
}

/** Bounding boxes of changed tiles that lie beside each other, in pixels. */
function patchesOf({ columns, rows, tiles }: ChangedTiles): Box[] {
  const seen = new Uint8Array(tiles);
  const patches: Box[] = [];
  for (let at = 0; at < seen.length; at++) {
    if (seen[at] === 1) patches.push(patchFrom(at, seen, columns, rows));
  }
  if (patches.length <= patchesMax) return patches;
  return [patches.reduce(united)];
}

/** The patch that tile `first` belongs to; its tiles are struck off. */
function patchFrom(first: number, left: Uint8Array, columns: number, rows: number): Box {
  const open = [first];
  left[first] = 0;
  let [x0, y0, x1, y1] = [columns, rows, 0, 0];
  for (let tile = open.pop(); tile !== undefined; tile = open.pop()) {
    const [x, y] = [tile % columns, Math.floor(tile / columns)];
    [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x), Math.max(y1, y)];
    for (let row = Math.max(0, y - 1); row <= Math.min(rows - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 2); column <= Math.min(columns - 1, x + 2); column++) {
        const next = row * columns + column;
        if (left[next] !== 1) continue;
        left[next] = 0;
        open.push(next);
      }
    }
  }
  const [width, height] = [(x1 - x0 + 1) * tilePixels, (y1 - y0 + 1) * tilePixels];
  return { x: x0 * tilePixels, y: y0 * tilePixels, width, height };
}

function grownToText(patch: Box, frame: FramePixels): Box {
  const inside = paintable(patch, frame) ?? patch;
  const around = paintable(
    {
      x: inside.x - reach.x,
      y: inside.y - reach.y,
      width: inside.width + 2 * reach.x,
      height: inside.height + 2 * reach.y,
    },
    frame,
  );
  if (around === undefined) return inside;
  const grey = greyOf(frame, around);
  const local = { ...inside, x: inside.x - around.x, y: inside.y - around.y };
  const { x, y, width, height } = grownOver(local, grey);
  const box = {
    x: x + around.x - edgePixels,
    y: y + around.y - edgePixels,
    width: width + 2 * edgePixels,
    height: height + 2 * edgePixels,
  };
  return paintable(box, frame) ?? inside;
}

/** Grows by whole lines first, then along them, until all four sides are blank. */
function grownOver(box: Box, grey: Grey): Box {
  let [left, top] = [box.x, box.y];
  let [right, bottom] = [box.x + box.width, box.y + box.height];
  const inked = (x: number, y: number, width: number, height: number) =>
    width > 0 && height > 0 && hasInk(grey, { x, y, width, height });
  for (let grew = true; grew; ) {
    grew = false;
    const above = Math.min(gap.y, top);
    if (inked(left, top - above, right - left, above)) [top, grew] = [top - above, true];
    const below = Math.min(gap.y, grey.height - bottom);
    if (inked(left, bottom, right - left, below)) [bottom, grew] = [bottom + below, true];
    const before = Math.min(gap.x, left);
    if (inked(left - before, top, before, bottom - top)) [left, grew] = [left - before, true];
    const after = Math.min(gap.x, grey.width - right);
    if (inked(right, top, after, bottom - top)) [right, grew] = [right + after, true];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function unitedWhereTouching(boxes: readonly Box[]): Box[] {
  const apart: Box[] = [];
  for (const box of boxes) {
    let whole = box;
    for (let at = apart.findIndex((one) => touch(one, whole)); at >= 0; ) {
      whole = united(whole, apart[at] ?? whole);
      apart.splice(at, 1);
      at = apart.findIndex((one) => touch(one, whole));
    }
    apart.push(whole);
  }
  return apart;
}

function touch(a: Box, b: Box): boolean {
  const aside = a.x > b.x + b.width || b.x > a.x + a.width;
  return !aside && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

function united(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const width = Math.max(a.x + a.width, b.x + b.width) - x;
  const height = Math.max(a.y + a.height, b.y + b.height) - y;
  return { x, y, width, height };
}
