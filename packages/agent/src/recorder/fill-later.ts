// Fills kept frames once more, for text that proved sensitive after it was shown: the fields it was
// typed into, and every node that shows a value of it.
import type { Box } from '@handrail/core/events';
import { filledPicture, type Picture, readPicture } from '@handrail/core/frame-image';
import { hasDrawing, type KeptFrame } from '@handrail/core/recorder';
import type { Sensitive } from '@handrail/core/sensitive';
import { encodeImage } from './frame-image.ts';
import { marginPixels } from './frame-mask.ts';
import { findOnNodes } from './node-findings.ts';
import { grown } from './pixels.ts';

/** `frames` are all of a segment, in order: the image of each builds on the one before. */
export async function fillLater(
  frames: readonly KeptFrame[],
  fieldIds: ReadonlySet<string>,
  known: readonly Sensitive<string>[],
): Promise<readonly KeptFrame[]> {
  const boxes = frames.map((frame) => boxesOf(frame, fieldIds, known));
  const first = boxes.findIndex((each) => each.length > 0);
  if (first < 0) return frames;
  const filled: KeptFrame[] = [];
  let read: Picture | undefined;
  let written: Picture | undefined;
  for (const [at, frame] of frames.entries()) {
    read = readPicture(frame.image, frame, read);
    const picture = filledPicture(read, boxes[at] ?? []);
    filled.push(at < first ? frame : await refilled(frame, boxes[at] ?? [], picture, written));
    written = picture;
  }
  return filled;
}

function boxesOf(
  frame: KeptFrame,
  fieldIds: ReadonlySet<string>,
  known: readonly Sensitive<string>[],
): readonly Box[] {
  const shown = frame.fields.filter((field) => fieldIds.has(field.fieldId)).map(({ box }) => box);
  const nodes = known.length === 0 ? [] : findOnNodes(frame.nodes, known);
  return [...shown, ...nodes.map(({ node }) => grown(node.bounds, marginPixels))];
}

async function refilled(
  frame: KeptFrame,
  boxes: readonly Box[],
  picture: Picture,
  before: Picture | undefined,
): Promise<KeptFrame> {
  const image = await encodeImage(picture, before, hasDrawing(frame));
  const filled = [...frame.filled, ...boxes.map((box) => ({ box, reason: 'typed' }))];
  return { ...frame, filled, image };
}
