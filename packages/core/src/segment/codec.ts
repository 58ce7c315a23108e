// The bytes of a segment's content: CBOR (RFC 8949) around deflated event columns and the frames'
// images as they are. Decoding states a limit for everything it allocates.
import { encode } from 'cborg';
import { deflateSync } from 'fflate';
import { z } from 'zod';
import { HandrailError } from '../errors/index.ts';
import type { MaskedRecord, Redacted } from '../redact/index.ts';
import { capturedContextSchema } from '../statement/index.ts';
import {
  contentBytesMax,
  deviceFindingSchema,
  eventsPerSegmentMax,
  frameSchema,
  framesPerSegmentMax,
  type SegmentContent,
} from './content.ts';
import { packEvents, unpackEvents } from './event-columns.ts';
import { withTexts } from './texts.ts';
import { fromCbor, inflateWithin, shaped } from './unpack.ts';

/** Most that the deflated part may grow to: 16 MiB. */
export const unpackedBytesMax = 16 * 1024 * 1024;

const what = 'segment';

const outerSchema = z.strictObject({
  v: z.literal(1),
  packed: z.instanceof(Uint8Array),
  images: z.array(z.instanceof(Uint8Array)).max(framesPerSegmentMax),
});

const innerSchema = z.strictObject({
  startedAtMs: z.int().min(0),
  contexts: z.array(capturedContextSchema).max(200),
  events: z.strictObject({
    count: z.int().min(0).max(eventsPerSegmentMax),
    strings: z.array(z.string().max(20_000)).max(eventsPerSegmentMax),
    columns: z.record(z.string().max(60), z.instanceof(Uint8Array)),
  }),
  frames: z.array(frameSchema.omit({ image: true })).max(framesPerSegmentMax),
  findings: z.array(deviceFindingSchema).max(100_000),
});

/**
 * Writes the events with `texts`, never with the text they hold themselves: only redaction can make
 * those. Throws `redaction.failed` where one is missing, `input.too-large` for more than a segment.
 */
export function encodeContent(content: SegmentContent, texts: Redacted<MaskedRecord>): Uint8Array {
  const { v, startedAtMs, contexts, findings } = content;
  if (content.events.length > eventsPerSegmentMax || content.frames.length > framesPerSegmentMax) {
    throw new HandrailError('input.too-large', 'The segment holds too many events or frames.');
  }
  const frames = content.frames.map(({ image: _, ...rest }) => rest);
  const inner = {
    startedAtMs,
    contexts,
    events: packEvents(withTexts(content.events, texts)),
    frames,
    findings,
  };
  const packed = deflateSync(encode(inner), { level: 9 });
  const bytes = encode({ v, packed, images: content.frames.map((frame) => frame.image) });
  if (bytes.length > contentBytesMax) {
    throw new HandrailError('input.too-large', 'The segment holds more than 4 MiB.');
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Throws `format.unknown`, `format.truncated`, `input.invalid` or `input.too-large`. */
export function decodeContent(bytes: Uint8Array): SegmentContent {
  const outer = shaped(what, outerSchema, fromCbor(what, bytes));
  const unpacked = inflateWithin(what, outer.packed, unpackedBytesMax);
  const inner = shaped(what, innerSchema, fromCbor(what, unpacked));
  if (inner.frames.length !== outer.images.length) {
    throw new HandrailError(
      'input.invalid',
      'The segment has another number of images than frames.',
    );
  }
  const frames = inner.frames.map((frame, at) => ({
    ...frame,
    image: outer.images[at] as Uint8Array,
  }));
  const { startedAtMs, contexts, findings } = inner;
  return { v: 1, startedAtMs, contexts, events: unpackEvents(inner.events), frames, findings };
}
