// The picture of a frame: bands of rows are copied from the screen one after the other, and in each
// only what is allowed and not filled is left. No more than a band of the screen is held raw.
import type { Box } from '@handrail/core/events';
import {
  type Picture,
  rowOfTiles,
  type Tile,
  tileEdge,
  tileRows,
} from '@handrail/core/frame-image';
import type { DesktopMap } from '@handrail/core/gate';
import type { RawFrame } from '../sources/x11/frames.ts';
import { fill, keepAllowed } from './pixels.ts';

export type FrameRows = Pick<RawFrame, 'width' | 'height' | 'rows'>;

/** `before` is the picture before it, whose tiles it shares where nothing has changed. */
export function maskedPicture(
  frame: FrameRows,
  map: DesktopMap,
  filled: readonly Box[],
  before: Picture | undefined,
): Picture {
  const { width, height } = frame;
  const old = before?.width === width && before.height === height ? before : undefined;
  const tiles: Tile[] = [];
  const areas = map.allowedAreas().map(({ box }) => box);
  for (let top = 0; top < height; top += tileEdge) {
    const count = Math.min(tileEdge, height - top);
    if (showsAny(areas, top, count)) {
      const pixels = maskedRows(frame, { top, count }, map, filled);
      const rows = { width, height: count, pixels };
      tiles.push(...tileRows(rows, old && rowOfTiles(old, top / tileEdge)));
    } else {
      for (let x = 0; x < width; x += tileEdge) tiles.push(nothing);
    }
  }
  return { width, height, tiles };
}

/** Rows in which nothing is allowed are not even copied. */
function showsAny(areas: readonly Box[], top: number, count: number): boolean {
  return areas.some((area) => area.y < top + count && area.y + area.height > top);
}

const nothing: Tile = { kind: 'flat', colour: 0 };

function maskedRows(
  frame: FrameRows,
  { top, count }: { readonly top: number; readonly count: number },
  map: DesktopMap,
  filled: readonly Box[],
): Uint32Array {
  const { width } = frame;
  const bgrx = frame.rows(top, count);
  const band = { top, width, height: count, bgrx };
  keepAllowed(band, map);
  for (const box of filled) fill(band, box);
  return new Uint32Array(bgrx.buffer, bgrx.byteOffset, width * count);
}
