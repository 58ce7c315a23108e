// OCR says where a word stands a few letters off at times. A fill goes on along its line for as
// long as something is drawn right beside it, so that no letter of a value looks out.
import type { Box } from '@handrail/core/events';
import { paintable } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';
import { greyOf, hasInk } from './grey.ts';

/** Letters of one word stand closer than this part of the fill's height; words do not. */
const gapPart = 0.13;
const gapMin = 2;
const reachPixels = 240;
/** A fill is wider than its word by at least this on each side, or by this part of its height. */
const marginMin = 3;
const marginPart = 1 / 6;

export function overInk(frame: FramePixels, fill: Box): Box {
  const box = paintable(fill, frame);
  const margin = Math.max(marginMin, Math.round(fill.height * marginPart));
  if (box === undefined || box.height > box.width || box.height <= 2 * margin) return fill;
  const gap = Math.max(gapMin, Math.round(box.height * gapPart));
  const rows = { y: box.y + margin, height: box.height - 2 * margin };
  // From the edges of the word, not of its margin, which may touch the next word.
  const [left, right] = [box.x + margin, box.x + box.width - margin];
  const before = reached((by) => isInked(frame, { ...rows, x: left - by - gap, width: gap }), gap);
  const after = reached((by) => isInked(frame, { ...rows, x: right + by, width: gap }), gap);
  const x = Math.min(box.x, left - before);
  return { ...box, x, width: Math.max(box.x + box.width, right + after) - x };
}

/** In steps of a gap: how far there is no gap yet. */
function reached(isInkedAt: (by: number) => boolean, gap: number): number {
  let by = 0;
  while (by < reachPixels && isInkedAt(by)) by += gap;
  return by;
}

function isInked(frame: FramePixels, { x, y, width, height }: Box): boolean {
  // One pixel more, so that an edge at the strip's own edge shows.
  const strip = paintable({ x: x - 1, y, width: width + 1, height }, frame);
  if (strip === undefined || strip.width <= 1) return false;
  return hasInk(greyOf(frame, strip), { ...strip, x: 0, y: 0 });
}
