// Fills, in the frames of a trajectory, the words that a bystander's request seeks, and reads them
// again: a frame in which they can still be read is filled as a whole.
import type { Trajectory, TrajectoryFrame } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import type { Box } from '@handrail/core/events';
import { findKnown, paintable } from '@handrail/core/pixels';
import type { FramePixels } from '../decode-frames.ts';
import { sha256Hex } from '../digest.ts';
import { blacken, decodeImage, encodeFrame } from '../images.ts';
import type { Layout, OcrEngine } from '../ocr/engine.ts';
import { FrameReader } from './frame-reader.ts';
import { blackBoxes } from './look.ts';
import { overInk } from './over-ink.ts';

/** What a filled place says of itself. */
const reason = 'bystander';
const filledMax = 2000;

/** Undefined where nothing is found in them. Throws `input.invalid`, what the engine throws. */
export async function removeFromFrames(
  trajectory: Trajectory,
  values: readonly string[],
  engine: OcrEngine,
): Promise<Trajectory | undefined> {
  const { frames } = trajectory;
  if (frames.length === 0) return undefined;
  const seen = await look(frames, values, engine, 'sparse');
  const found = seen.flatMap((boxes, at) => (boxes.length > 0 ? [at] : []));
  if (found.length === 0) return undefined;
  const next = [...frames];
  for (const at of found) next[at] = await filled(frames[at], seen[at] ?? []);
  const again = await look(
    found.flatMap((at) => next[at] ?? []),
    values,
    engine,
    'block',
  );
  for (const [nth, at] of found.entries()) {
    if ((again[nth] ?? []).length > 0) next[at] = await filled(frames[at], 'all');
  }
  return withFrames(trajectory, next);
}

async function look(
  frames: readonly TrajectoryFrame[],
  values: readonly string[],
  engine: OcrEngine,
  layout: Layout,
): Promise<readonly (readonly Box[])[]> {
  const reader = new FrameReader(engine, layout);
  for (const frame of frames) await reader.add(await pixelsOf(frame));
  const words = await reader.words();
  const shown = frames.map((frame, at) => {
    return { words: words[at] ?? [], filled: blackBoxes(frame.filled) };
  });
  return findKnown(shown, values);
}

async function filled(
  frame: TrajectoryFrame | undefined,
  boxes: readonly Box[] | 'all',
): Promise<TrajectoryFrame> {
  if (frame === undefined) throw broken();
  const pixels = await pixelsOf(frame);
  const whole = { x: 0, y: 0, width: frame.width, height: frame.height };
  const isAll = boxes === 'all' || frame.filled.length + boxes.length > filledMax;
  const wanted = isAll ? [whole] : boxes.map((box) => overInk(pixels, box));
  const places = wanted.flatMap((box) => paintable(box, frame) ?? []);
  for (const box of places) blacken(pixels, box);
  const image = await encodeFrame(pixels);
  const before = isAll ? [] : frame.filled;
  const fills = [...before, ...places.map((box) => ({ box, reason }))];
  return { ...frame, image, id: sha256Hex(image), filled: fills };
}

/** Actions follow their frames; frames that have become one are kept once. */
function withFrames(trajectory: Trajectory, next: readonly TrajectoryFrame[]): Trajectory {
  const ids = new Map(trajectory.frames.map(({ id }, at) => [id, next[at]?.id ?? id]));
  const actions = trajectory.actions.map((action) => {
    return action.frame === null
      ? action
      : { ...action, frame: ids.get(action.frame) ?? action.frame };
  });
  const frames = [...new Map(next.map((frame) => [frame.id, frame])).values()];
  return { ...trajectory, actions, frames };
}

async function pixelsOf(frame: TrajectoryFrame): Promise<FramePixels> {
  const pixels = await decodeImage(frame.image, frame);
  if (pixels !== undefined) return pixels;
  throw broken();
}

function broken(): HandrailError {
  return new HandrailError('input.invalid', 'A frame is broken.');
}
