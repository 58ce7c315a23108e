// Solid fills of raw pixels: what is not allowed is never copied, what is sensitive is painted out.
import type { Box } from '@handrail/core/events';
import type { DesktopMap } from '@handrail/core/gate';

/** Whole rows of a screen. */
export interface Pixels {
  /** The screen's row that the first one is. */
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: blue, green, red, unused. */
  readonly bgrx: Uint8Array;
}

/** Leaves only what `map` allows, in place; everything else becomes black or a drawing. */
export function keepAllowed(pixels: Pixels, map: DesktopMap): void {
  const { top, width, height, bgrx } = pixels;
  const windows = [...map.windows].reverse();
  // One row at a time is kept aside: a copy of the whole would be garbage the size of the screen.
  const aside = new Uint8Array(width * 4);
  for (let y = 0; y < height; y++) {
    const row = bgrx.subarray(y * width * 4, (y + 1) * width * 4);
    aside.set(row);
    row.fill(0);
    for (const { bounds, allowed } of windows) {
      paint(row, width, top + y, bounds);
      if (!allowed) continue;
      const shown = allowed.drawn?.boxes ?? [{ box: allowed.area, shade: undefined }];
      for (const { box, shade } of shown) paint(row, width, top + y, box, shade ?? aside);
      for (const hole of allowed.holes ?? []) paint(row, width, top + y, hole);
    }
  }
}

/** The part of `box` in this row: black, another grey, or as it was. */
function paint(
  row: Uint8Array,
  width: number,
  y: number,
  box: Box,
  from: Uint8Array | number = 0,
): void {
  if (y < box.y || y >= box.y + box.height) return;
  const left = Math.max(0, box.x) * 4;
  const right = Math.min(width, box.x + box.width) * 4;
  if (left >= right) return;
  if (typeof from === 'number') row.fill(from, left, right);
  else row.set(from.subarray(left, right), left);
}

/** Paints `box` black. */
export function fill({ top, width, height, bgrx }: Pixels, box: Box): void {
  const left = Math.max(0, box.x);
  const right = Math.min(width, box.x + box.width);
  if (left >= right) return;
  const bottom = Math.min(height, box.y + box.height - top);
  for (let y = Math.max(0, box.y - top); y < bottom; y++) {
    bgrx.fill(0, (y * width + left) * 4, (y * width + right) * 4);
  }
}

export function grown(box: Box, by: number): Box {
  return {
    x: box.x - by,
    y: box.y - by,
    width: box.width + 2 * by,
    height: box.height + 2 * by,
  };
}
