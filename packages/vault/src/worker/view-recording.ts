// A segment as its device sealed it, in the pieces that a reader gets: what was done, then one
// picture after the other. Each image needs the one before it: after a broken one none is shown.
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import {
  decodeContent,
  type Frame,
  parseSealed,
  type SegmentFacts,
  unpad,
} from '@handrail/core/segment';
import { decodeFrames, type FramePixels } from './decode-frames.ts';

export interface OpenedRecording {
  readonly segment: SegmentFacts;
  /** As many as there are frames; undefined where none can be made out. */
  readonly pictures: Iterable<FramePixels | undefined>;
}

/** Throws `seal.broken`, `format.unknown`, ... */
export async function openRecording(
  bytes: Uint8Array,
  contentKey: Uint8Array,
): Promise<OpenedRecording> {
  const { id, header, headerBytes, body } = parseSealed(bytes);
  const content = decodeContent(unpad(await openBulk(contentKey, headerBytes, body)));
  const { startedAtMs, contexts, events } = content;
  const segment = {
    ...({ v: 1, id, pseudonym: header.pseudonym, startedAtMs } as const),
    ...{ contexts: [...contexts], events: [...events] },
    frames: content.frames.map(({ image: _, ...facts }) => facts),
  };
  return { segment, pictures: picturesOf(content.frames) };
}

function* picturesOf(frames: readonly Frame[]): Generator<FramePixels | undefined, void> {
  let made = 0;
  try {
    for (const pixels of decodeFrames(frames)) {
      made += 1;
      yield pixels;
    }
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
  }
  for (; made < frames.length; made++) yield undefined;
}
