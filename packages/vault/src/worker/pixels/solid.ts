// Whether what should be filled is filled, by the pixels themselves: a mask that was computed and
// not painted, or painted elsewhere, shows here.
import type { Box } from '@handrail/core/events';
import { paintable, usable } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';

/** A lossy image rings a little where black meets white. */
const lossyMax = 72;
const exactMax = 0;

/** True when every pixel of every box is black. A box that tells no pixels of the frame is not. */
export function allSolid(frame: FramePixels, boxes: readonly Box[]): boolean {
  return boxes.every((box) => isSolid(frame, box));
}

function isSolid(frame: FramePixels, box: Box): boolean {
  const inside = paintable(box, frame);
  if (inside === undefined || !usable(box)) return false;
  const brightest = frame.isExact ? exactMax : lossyMax;
  for (let y = inside.y; y < inside.y + inside.height; y++) {
    const from = (y * frame.width + inside.x) * 3;
    for (let at = from; at < from + inside.width * 3; at++) {
      if ((frame.pixels[at] ?? 0) > brightest) return false;
    }
  }
  return true;
}
