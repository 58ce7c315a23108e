// Boxes to fill: whole words with a margin, within the frame. Nothing here makes a box smaller than
// what it was made for.
import type { Box } from '../events/index.ts';
import type { FindingClass } from '../redact/index.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Fill {
  readonly box: Box;
  readonly class: FindingClass;
}

const marginMin = 3;
/** Strokes reach over what was measured by up to this part of a word's height. */
const marginPart = 0.25;

/** The smallest box around all of them; `boxes` is not empty. */
export function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export function withMargin(box: Box): Box {
  const by = Math.max(marginMin, Math.ceil(Math.min(box.width, box.height) * marginPart));
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

/** The part of `box` that lies in the frame; undefined where there is none. */
export function paintable(box: Box, { width, height }: Size): Box | undefined {
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const right = Math.min(width, box.x + box.width);
  const bottom = Math.min(height, box.y + box.height);
  if (left >= right || top >= bottom) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** True for a box that says nothing about the frame: no place, or none of it inside. */
export function outsideFrame(box: Box, size: Size): boolean {
  return !usable(box) || paintable(box, size) === undefined;
}

export function usable({ x, y, width, height }: Box): boolean {
  return [x, y, width, height].every(Number.isSafeInteger) && width > 0 && height > 0;
}

/** Whether the middle of a box lies in `mask`. */
export function centreIn({ x, y, width, height }: Box, mask: Box): boolean {
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  const beside = middleX < mask.x || middleX > mask.x + mask.width;
  return !beside && middleY >= mask.y && middleY <= mask.y + mask.height;
}
