// Solid fills of raw pixels: what is not allowed is never copied, what is sensitive is painted out.
import type { Box } from '@handrail/core/events';
import type { DesktopMap } from '../gate/desktop-map.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel: blue, green, red, unused. */
  readonly bgrx: Uint8Array;
}

/** A new picture of only what `map` allows; everything else is black. */
export function allowedPixels(source: Pixels, map: DesktopMap): Pixels {
  const target = { ...source, bgrx: new Uint8Array(source.bgrx.length) };
  for (const window of [...map.windows].reverse()) {
    fill(target, window.bounds);
    if (window.allowed) copy(source, target, window.allowed.area);
  }
  return target;
}

/** Paints `box` black. */
export function fill(pixels: Pixels, box: Box): void {
  forRows(pixels, box, (from, to) => pixels.bgrx.fill(0, from, to));
}

function copy(source: Pixels, target: Pixels, box: Box): void {
  forRows(source, box, (from, to) => target.bgrx.set(source.bgrx.subarray(from, to), from));
}

function forRows(pixels: Pixels, box: Box, each: (from: number, to: number) => void): void {
  const left = Math.max(0, box.x);
  const right = Math.min(pixels.width, box.x + box.width);
  if (left >= right) return;
  const bottom = Math.min(pixels.height, box.y + box.height);
  for (let y = Math.max(0, box.y); y < bottom; y++) {
    each((y * pixels.width + left) * 4, (y * pixels.width + right) * 4);
  }
}

/** Three bytes a pixel, red first, as encoders want them. */
export function toRgb(pixels: Pixels): Uint8Array {
  const { bgrx } = pixels;
  const rgb = new Uint8Array((bgrx.length / 4) * 3);
  for (let from = 0, to = 0; from < bgrx.length; from += 4, to += 3) {
    rgb[to] = bgrx[from + 2] ?? 0;
    rgb[to + 1] = bgrx[from + 1] ?? 0;
    rgb[to + 2] = bgrx[from] ?? 0;
  }
  return rgb;
}

export function grown(box: Box, by: number): Box {
  return {
    x: box.x - by,
    y: box.y - by,
    width: box.width + 2 * by,
    height: box.height + 2 * by,
  };
}
