// A view: one trajectory or segment, sealed chunk by chunk to a reading session and to nobody else,
// each picture marked with who reads it. A chunk is made when it is asked for.
import {
  chunkAad,
  encodeChunk,
  factsOf,
  type ReadingChunk,
  type TrajectoryFrame,
} from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { sealBox } from '@handrail/core/seal';
import type { FramePixels } from './decode-frames.ts';
import { decodeImage, encodeFrame } from './images.ts';
import { openTrajectory } from './open-sealed.ts';
import type { ViewTask } from './task.ts';
import { openRecording } from './view-recording.ts';
import { burn } from './watermark.ts';

/** Boxes of purpose `reading`; see core/dataset for what they hold and are bound to. */
export async function* view(task: ViewTask): AsyncGenerator<Uint8Array, void> {
  let number = 0;
  const chunks = task.what === 'segment' ? recordingChunks(task) : trajectoryChunks(task);
  for await (const chunk of chunks) {
    const aad = chunkAad(task.session, number);
    number += 1;
    yield (await sealBox(task.sessionKey, 'reading', aad, encodeChunk(chunk))).bytes;
  }
}

async function* trajectoryChunks(task: ViewTask): AsyncGenerator<ReadingChunk, void> {
  const trajectory = await openTrajectory(task.bytes, task.contentKey);
  const [first, ...others] = trajectory.frames;
  const facts = factsOf(trajectory);
  yield first === undefined ? { facts } : { facts, image: await markedFrame(task, first) };
  for (const frame of others) yield { image: await markedFrame(task, frame) };
}

async function* recordingChunks(task: ViewTask): AsyncGenerator<ReadingChunk, void> {
  const { segment, pictures } = await openRecording(task.bytes, task.contentKey);
  let first: Pick<ReadingChunk, 'segment'> = { segment };
  for (const picture of pictures) {
    yield picture === undefined ? first : { ...first, image: await marked(task, picture) };
    first = {};
  }
  if (first.segment !== undefined) yield first;
}

async function markedFrame(task: ViewTask, frame: TrajectoryFrame): Promise<Uint8Array> {
  const decoded = await decodeImage(frame.image, frame);
  if (decoded === undefined) throw new HandrailError('input.invalid', 'A frame is broken.');
  return marked(task, decoded);
}

function marked({ mark }: ViewTask, picture: FramePixels): Promise<Uint8Array> {
  burn(picture, mark);
  // Owners see their pixels; grantees get no better picture than they need.
  return encodeFrame({ ...picture, isExact: picture.isExact && mark.strength === 'faint' });
}
