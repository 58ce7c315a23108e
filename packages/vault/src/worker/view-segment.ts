// A view of a segment in quarantine: what its device sealed, for its owner and for nobody else.
import { utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { openBulk } from '@handrail/core/open';
import { sealBox } from '@handrail/core/seal';
import {
  decodeContent,
  encodeSegmentView,
  parseSealed,
  type SegmentView,
  textSurfaces,
  unpad,
} from '@handrail/core/segment';
import { decodeFrames } from './decode-frames.ts';
import { encodeFrame } from './images.ts';
import type { ViewSegmentResult, ViewSegmentTask } from './task.ts';

export async function viewSegment(task: ViewSegmentTask): Promise<ViewSegmentResult> {
  const { id, headerBytes, body } = parseSealed(task.bytes);
  const content = decodeContent(unpad(await openBulk(task.contentKey, headerBytes, body)));
  const frames: SegmentView['frames'][number][] = [];
  try {
    for (const pixels of decodeFrames(content.frames)) {
      const { atMs = 0 } = content.frames[frames.length] ?? {};
      frames.push({ atMs, image: await encodeFrame(pixels) });
    }
  } catch (error) {
    // Each image needs the one before it: what comes after a broken one cannot be shown.
    if (!(error instanceof HandrailError)) throw error;
  }
  const { startedAtMs, contexts } = content;
  const texts = textSurfaces(content.events).map(({ text }) => text);
  const broken = content.frames.length - frames.length;
  const view = encodeSegmentView({
    ...({ v: 1, id, startedAtMs, texts, frames, broken } as const),
    contexts: [...contexts],
  });
  const { bytes } = await sealBox(task.readingKey, 'reading', utf8(task.aad), view);
  return { kind: 'view-segment', box: bytes };
}
