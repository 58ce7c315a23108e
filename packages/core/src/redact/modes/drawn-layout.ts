// What stands for the pixels of a context that is drawn instead of shown: solid boxes in a few
// shades on a coarse grid. No letter of a usual size can be made of them, and that can be checked.
import type { Box } from '../joint-record.ts';

/**
 * Grey levels, all channels alike; none is the mean of two others. `filled` is what lies over a
 * drawing, at any place.
 */
export const layoutShades = {
  filled: 0,
  control: 0x70,
  text: 0xa0,
  image: 0xc8,
  ground: 0xe0,
  field: 0xff,
};

/** Boxes begin and end on multiples of this, counted from the frame's top left corner. */
export const layoutGridPixels = 4;
/** Boxes of text are as wide as a multiple of this, so that they tell no exact length. */
export const textWidthPixels = 32;

const shades: ReadonlySet<number> = new Set(Object.values(layoutShades));

/** Three bytes a pixel. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * True when the pixels of `area` that lie in none of `covers` are a drawing: known shades, and in
 * each cell of the grid one at most besides what was filled.
 */
export function isDrawn(pixels: RgbPixels, area: Box, covers: readonly Box[]): boolean {
  const right = Math.min(pixels.width, area.x + area.width);
  const bottom = Math.min(pixels.height, area.y + area.height);
  const cells = new Map<number, number>();
  for (let y = Math.max(0, area.y); y < bottom; y++) {
    if (y % layoutGridPixels === 0) cells.clear();
    const over = covers.filter((box) => y >= box.y && y < box.y + box.height);
    for (let x = Math.max(0, area.x); x < right; x++) {
      if (over.some((box) => x >= box.x && x < box.x + box.width)) continue;
      const shade = shadeAt(pixels, x, y);
      if (shade === undefined) return false;
      if (shade === layoutShades.filled) continue;
      const cell = Math.floor(x / layoutGridPixels);
      const before = cells.get(cell) ?? shade;
      if (before !== shade) return false;
      cells.set(cell, shade);
    }
  }
  return true;
}

function shadeAt({ width, rgb }: RgbPixels, x: number, y: number): number | undefined {
  const at = (y * width + x) * 3;
  const [red, green, blue] = [rgb[at], rgb[at + 1], rgb[at + 2]];
  const isGrey = red !== undefined && red === green && red === blue;
  return isGrey && shades.has(red) ? red : undefined;
}
