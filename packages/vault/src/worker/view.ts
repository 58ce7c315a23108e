// A view: one trajectory, sealed chunk by chunk to a reading session and to nobody else, each
// picture marked with who reads it. A chunk is made when it is asked for.
import {
  chunkAad,
  encodeChunk,
  factsOf,
  type ReadingChunk,
  type TrajectoryFrame,
} from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { sealBox } from '@handrail/core/seal';
import { decodeImage, encodeFrame } from './images.ts';
import { openTrajectory } from './open-sealed.ts';
import type { ViewTask } from './task.ts';
import { burn } from './watermark.ts';

/** Boxes of purpose `reading`; see core/dataset for what they hold and are bound to. */
export async function* view(task: ViewTask): AsyncGenerator<Uint8Array, void> {
  const trajectory = await openTrajectory(task.bytes, task.contentKey);
  const [first, ...others] = trajectory.frames;
  const facts = factsOf(trajectory);
  const image = first && (await marked(task, first));
  yield sealed(task, 0, image === undefined ? { facts } : { facts, image });
  for (const [at, frame] of others.entries()) {
    yield sealed(task, at + 1, { image: await marked(task, frame) });
  }
}

async function marked({ mark }: ViewTask, frame: TrajectoryFrame): Promise<Uint8Array> {
  const decoded = await decodeImage(frame.image, frame);
  if (decoded === undefined) throw new HandrailError('input.invalid', 'A frame is broken.');
  burn(decoded, mark);
  // Owners see their pixels; grantees get no better picture than they need.
  return encodeFrame({ ...decoded, isExact: decoded.isExact && mark.strength === 'faint' });
}

async function sealed(task: ViewTask, number: number, chunk: ReadingChunk): Promise<Uint8Array> {
  const aad = chunkAad(task.session, number);
  return (await sealBox(task.sessionKey, 'reading', aad, encodeChunk(chunk))).bytes;
}
