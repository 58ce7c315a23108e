// Which rows of a picture must be read: those that differ from the picture read before it, with the
// whole lines of text around them. What did not change was read there.
import type { Rectangle } from '../../desk/page-state.ts';
import type { Pixels } from './pictures.ts';

/** More than a line of text is high, so that no line is cut. */
const marginPixels = 28;

/** Bands over the whole width, from top to bottom; all that is drawn where nothing was before. */
export function changedBands(pixels: Pixels, before: Pixels | undefined): readonly Rectangle[] {
  const { width, height } = pixels;
  const bands: { top: number; bottom: number }[] = [];
  for (let y = 0; y < height; y += 1) {
    if (!isChanged(pixels, before, y)) continue;
    const top = Math.max(0, y - marginPixels);
    const bottom = Math.min(height, y + 1 + marginPixels);
    const last = bands.at(-1);
    if (last && top <= last.bottom) last.bottom = bottom;
    else bands.push({ top, bottom });
  }
  return bands.map(({ top, bottom }) => ({ x: 0, y: top, width, height: bottom - top }));
}

function isChanged(pixels: Pixels, before: Pixels | undefined, y: number): boolean {
  const { width, height, rgb } = pixels;
  if (before === undefined || before.width !== width || before.height !== height) {
    return !isBlank(rgb.subarray(3 * y * width, 3 * (y + 1) * width));
  }
  const [from, to] = [3 * y * width, 3 * (y + 1) * width];
  return rgb.compare(before.rgb, from, to, from, to) !== 0;
}

/** One colour from end to end: nothing can be read there. */
function isBlank(row: Buffer): boolean {
  return row.subarray(3).equals(row.subarray(0, -3));
}
