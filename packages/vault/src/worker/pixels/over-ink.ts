// OCR says where a word stands a few letters off at times. A fill goes on along its line for as
// long as something is drawn right beside it, so that no letter of a value looks out.
import type { Box } from '@handrail/core/events';
import { paintable } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';
import { greyOf, hasInk } from './grey.ts';

/** Letters of one word stand closer than this part of the fill's height; words do not. */
const gapPart = 0.2;
const gapMin = 2;
const reachPixels = 240;
/** Rows of a fill that are margin: the line above or below may reach into them. */
const marginPixels = 3;

export function overInk(frame: FramePixels, fill: Box): Box {
  const box = paintable(fill, frame);
  if (box === undefined || box.height > box.width || box.height <= 2 * marginPixels) return fill;
  const gap = Math.max(gapMin, Math.round(box.height * gapPart));
  const right = box.x + box.width;
  const before = reached((by) => isInked(frame, box, box.x - by - gap, gap), gap);
  const after = reached((by) => isInked(frame, box, right + by, gap), gap);
  return { ...box, x: box.x - before, width: before + box.width + after };
}

function reached(isInkedAt: (by: number) => boolean, gap: number): number {
  let by = 0;
  while (by < reachPixels && isInkedAt(by)) by += gap;
  return by;
}

function isInked(frame: FramePixels, { y, height }: Box, x: number, width: number): boolean {
  // One pixel more, so that an edge at the strip's own edge shows.
  const rows = { y: y + marginPixels, height: height - 2 * marginPixels };
  const strip = paintable({ x: x - 1, width: width + 1, ...rows }, frame);
  if (strip === undefined || strip.width <= 1) return false;
  return hasInk(greyOf(frame, strip), { ...strip, x: 0, y: 0 });
}
