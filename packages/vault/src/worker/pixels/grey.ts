// Grey copies of parts of a frame, and where something is drawn in them: text shows as contrast
// between neighbours in a row, rules and flat areas do not.
import type { Box } from '@handrail/core/events';
import type { FramePixels } from '../decode-frames.ts';

export interface Grey {
  readonly width: number;
  readonly height: number;
  /** One byte a pixel. */
  readonly grey: Uint8Array;
}

/** Less contrast is no stroke: hardly anyone could read it. */
export const inkContrast = 24;

/** `box` lies in the frame. */
export function greyOf({ pixels, width }: FramePixels, box: Box): Grey {
  const grey = new Uint8Array(box.width * box.height);
  let to = 0;
  for (let y = box.y; y < box.y + box.height; y++) {
    let from = (y * width + box.x) * 3;
    for (let x = 0; x < box.width; x++, from += 3, to++) {
      // BT.709, in 256ths.
      grey[to] =
        ((pixels[from] ?? 0) * 54 + (pixels[from + 1] ?? 0) * 183 + (pixels[from + 2] ?? 0) * 19) >>
        8;
    }
  }
  return { width: box.width, height: box.height, grey };
}

export function hasInk({ grey, width }: Grey, box: Box): boolean {
  for (let y = box.y; y < box.y + box.height; y++) {
    const end = y * width + box.x + box.width;
    for (let at = y * width + Math.max(1, box.x); at < end; at++) {
      if (Math.abs((grey[at] ?? 0) - (grey[at - 1] ?? 0)) > inkContrast) return true;
    }
  }
  return false;
}
