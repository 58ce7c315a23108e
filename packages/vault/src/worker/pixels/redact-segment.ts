// One segment's texts and pixels are redacted together: everything is read and searched raw, then
// all of it is masked, then the masked frames are read again. What is left over stops the segment.
import type { OpenedFrame } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import {
  type Fill,
  findOnScreen,
  type KnownValues,
  paintable,
  type ReadWord,
  type ShownFrame,
} from '@handrail/core/pixels';
import { apply, type RuleOf } from '@handrail/core/redact';
import {
  type Frame,
  maskKeys,
  type SegmentContent,
  textSurfaces,
  withTexts,
} from '@handrail/core/segment';
import { decodeFrames, type FramePixels } from '../decode-frames.ts';
import { sha256Hex } from '../digest.ts';
import { areDrawn } from '../drawn-areas.ts';
import { blacken, decodeImage, encodeFrame } from '../images.ts';
import type { OcrEngine } from '../ocr/engine.ts';
import { FrameReader } from './frame-reader.ts';
import { overInk } from './over-ink.ts';
import { allSolid } from './solid.ts';
import '../redaction-sources.ts';

/** Content-free: why a segment waits for its participant. */
export type PixelReason =
  /** An image is damaged, of another size or kind, or too large. */
  | 'image.broken'
  /** A context of which no pixel may be kept shows more than a drawing. */
  | 'mode.pixels'
  /** The device left text that the mode of its context takes out, and frames came with it. */
  | 'redaction.late'
  /** What the device says it filled is not black. */
  | 'pixels.not-filled'
  /** Nothing here reads pictures, or what does failed twice. */
  | 'pixels.unread'
  /** More was found than can be kept apart. */
  | 'pixels.too-much'
  /** Masking left something: seen by a second reading, or by the pixels themselves. */
  | 'pixels.survivor';

export type RedactedSegment =
  | {
      readonly kind: 'redacted';
      readonly events: readonly CapturedEvent[];
      readonly frames: readonly OpenedFrame[];
    }
  | { readonly kind: 'quarantined'; readonly reason: PixelReason };

/** Decoding more than 400 frames of 4K takes is not what a segment is for. */
const pixelsPerSegmentMax = 400 * 3840 * 2160;
const filledMax = 2000;

export interface Redacting {
  readonly engine: OcrEngine;
  /** What the modes of the contexts let stand. */
  readonly ruleOf: RuleOf;
  /** Of the session so far; it grows. */
  readonly known: KnownValues;
  /**
   * The owner looked at the segment and let it go: what can be masked is masked, frames that are
   * broken are left out, and nothing stops it any more.
   */
  readonly isReleased: boolean;
}

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
    const isFilled = allSolid(pixels, boxesOf(frame.filled));
    if (!isFilled && !how.isReleased) return quarantined('pixels.not-filled');
    frames.push(frame);
    await readIfPossible(how, () => reader.add(pixels));
  }
  if (frames.length < all.length && !how.isReleased) return quarantined('image.broken');
  const shown = shownOf(frames, await wordsOf(reader, frames, how));
  const surfaces = textSurfaces(events, how.ruleOf);
  const found = findOnScreen(surfaces, shown, how.known);
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

interface Open {
  readonly at: number;
  readonly more: readonly Fill[];
}

/** Looks at masked frames: what one finds is filled for the next, the last must find nothing. */
const looksMax = 2;

async function maskFrames(
  frames: readonly Frame[],
  fills: readonly (readonly Fill[])[],
  how: Redacting,
): Promise<readonly OpenedFrame[] | PixelReason> {
  const masked: OpenedFrame[] = [];
  let reader = new FrameReader(how.engine, 'block');
  for (const pixels of decodeFrames(frames)) {
    const at = masked.length;
    const frame = frames[at];
    const done = frame && (await maskFrame(frame, pixels, fills[at] ?? [], reader));
    if (typeof done !== 'object') return done ?? 'image.broken';
    masked.push(done);
  }
  let open: readonly Open[] = await stillSeen(
    frames.map((_, at) => at),
    masked,
    reader,
    how,
  );
  for (let look = 1; look < looksMax && open.length > 0; look++) {
    reader = new FrameReader(how.engine, 'sparse');
    for (const { at, more } of open) {
      const frame = masked[at];
      const pixels = frame && (await decodeImage(frame.image, frame));
      const done = frame && pixels && (await maskFrame(frame, pixels, more, reader));
      if (typeof done !== 'object') return done ?? 'image.broken';
      masked[at] = done;
    }
    open = await stillSeen(
      open.map(({ at }) => at),
      masked,
      reader,
      how,
    );
  }
  return open.length > 0 && !how.isReleased ? 'pixels.survivor' : masked;
}

/** Which of the frames that `reader` was given still show something, and where. */
async function stillSeen(
  places: readonly number[],
  masked: readonly OpenedFrame[],
  reader: FrameReader,
  how: Redacting,
): Promise<readonly Open[]> {
  const frames = places.flatMap((at) => masked[at] ?? []);
  const { fills } = findOnScreen(
    [],
    shownOf(frames, await wordsOf(reader, frames, how)),
    how.known,
  );
  return places
    .map((at, nth) => ({ at, more: fills[nth] ?? [] }))
    .filter(({ more }) => more.length > 0);
}

/** The frame with all fills black, proven by its own pixels, and put up for reading. */
async function maskFrame(
  frame: Frame,
  pixels: FramePixels,
  more: readonly Fill[],
  reader: FrameReader,
): Promise<OpenedFrame | PixelReason> {
  const filled = [...frame.filled, ...filledBy(more, pixels)];
  if (filled.length > filledMax) return 'pixels.too-much';
  for (const { box } of filled) blacken(pixels, box);
  const image = await encodeFrame(pixels);
  const shown = await decodeImage(image, frame);
  if (shown === undefined || !allSolid(shown, boxesOf(filled))) return 'pixels.survivor';
  await reader.add(shown);
  return { ...frame, filled, image, id: sha256Hex(image) };
}

/** Frames without any words where a released segment cannot be read. */
async function wordsOf(
  reader: FrameReader,
  frames: readonly unknown[],
  how: Redacting,
): Promise<readonly (readonly ReadWord[])[]> {
  const words = await readIfPossible(how, () => reader.words());
  return words ?? frames.map(() => []);
}

async function readIfPossible<T>(
  { isReleased }: Redacting,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isReleased && error instanceof HandrailError) return undefined;
    throw error;
  }
}

function shownOf(
  frames: readonly Pick<Frame, 'filled'>[],
  words: readonly ShownFrame['words'][],
): ShownFrame[] {
  return words.map((each, at) => ({ words: each, filled: boxesOf(frames[at]?.filled ?? []) }));
}

function filledBy(fills: readonly Fill[], frame: FramePixels): Frame['filled'] {
  const boxes = new Map<string, Frame['filled'][number]>();
  for (const { box, class: reason } of fills) {
    const inside = paintable(overInk(frame, box), frame);
    if (inside) boxes.set(JSON.stringify(inside), { box: inside, reason });
  }
  return [...boxes.values()];
}

function boxesOf(filled: Frame['filled']) {
  return filled.map(({ box }) => box);
}

/** A placeholder may be longer than what it stands for. */
function withinLimits(event: CapturedEvent): CapturedEvent {
  if (event.kind === 'run') return { ...event, text: event.text.slice(0, 20_000) };
  return event.kind === 'task' ? { ...event, text: event.text.slice(0, 2000) } : event;
}

function quarantined(reason: PixelReason): RedactedSegment {
  return { kind: 'quarantined', reason };
}
