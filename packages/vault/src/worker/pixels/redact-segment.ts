// One segment's texts and pixels are redacted together: everything is read and searched raw, then
// all of it is masked, then the masked frames are read again. What is left over stops the segment.
import type { OpenedFrame } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import { apply } from '@handrail/core/redact';
import {
  type Frame,
  maskKeys,
  type SegmentContent,
  textSurfaces,
  withTexts,
} from '@handrail/core/segment';
import { decodeFrames, type FramePixels } from '../decode-frames.ts';
import { areDrawn } from '../drawn-areas.ts';
import { FrameReader } from './frame-reader.ts';
import { blackBoxes, look, readIfPossible } from './look.ts';
import { maskFrames } from './mask-frames.ts';
import type { PixelReason, Redacting } from './redacting.ts';
import { allSolid } from './solid.ts';
import '../redaction-sources.ts';

export type RedactedSegment =
  | {
      readonly kind: 'redacted';
      readonly events: readonly CapturedEvent[];
      readonly frames: readonly OpenedFrame[];
    }
  | { readonly kind: 'quarantined'; readonly reason: PixelReason };

/** Decoding more than 400 frames of 4K takes is not what a segment is for. */
const pixelsPerSegmentMax = 400 * 3840 * 2160;

export async function redactSegment(
  content: SegmentContent,
  how: Redacting,
): Promise<RedactedSegment> {
  const pixels = content.frames.reduce((sum, { width, height }) => sum + width * height, 0);
  if (pixels > pixelsPerSegmentMax) return quarantined('image.broken');
  try {
    return await redact(content, how);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    if (error.code === 'input.too-large') return quarantined('pixels.too-much');
    if (error.code === 'timeout' || error.code === 'internal') return quarantined('pixels.unread');
    throw error;
  }
}

async function redact(
  { events: raw, frames: all }: SegmentContent,
  how: Redacting,
): Promise<RedactedSegment> {
  const events = maskKeys(raw, how.ruleOf);
  const reader = new FrameReader(how.engine, 'sparse');
  const frames: Frame[] = [];
  for (const pixels of decodedUntilBroken(all)) {
    const frame = all[frames.length];
    if (frame === undefined) break;
    if (!areDrawn(frame, pixels, how.ruleOf)) return quarantined('mode.pixels');
    const isFilled = allSolid(pixels, blackBoxes(frame.filled));
    if (!isFilled && !how.isReleased) return quarantined('pixels.not-filled');
    frames.push(frame);
    await readIfPossible(how, () => reader.add(pixels));
  }
  if (frames.length < all.length && !how.isReleased) return quarantined('image.broken');
  const surfaces = textSurfaces(events, how.ruleOf);
  const found = await look(surfaces, frames, reader, how, () => decodedUntilBroken(all));
  // A device that kept what the mode takes out may have shown it as well.
  const isLate = found.texts.findings.some(
    (each) => each.class === 'text' || each.class === 'word',
  );
  if (isLate && frames.length > 0 && !how.isReleased) return quarantined('redaction.late');
  const masked = await maskFrames(frames, found.fills, how);
  if (typeof masked === 'string') return quarantined(masked);
  const texts = withTexts(events, apply({ surfaces }, found.texts));
  return { kind: 'redacted', events: texts.map(withinLimits), frames: masked };
}

/** Each image needs the one before it: after a broken one there are no more. */
function* decodedUntilBroken(frames: readonly Frame[]): Generator<FramePixels, void> {
  try {
    yield* decodeFrames(frames);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
  }
}

/** A placeholder may be longer than what it stands for. */
function withinLimits(event: CapturedEvent): CapturedEvent {
  if (event.kind === 'run') return { ...event, text: event.text.slice(0, 20_000) };
  return event.kind === 'task' ? { ...event, text: event.text.slice(0, 2000) } : event;
}

function quarantined(reason: PixelReason): RedactedSegment {
  return { kind: 'quarantined', reason };
}
