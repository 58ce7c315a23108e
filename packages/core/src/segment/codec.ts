// The bytes of a segment's content: CBOR (RFC 8949) around deflated event columns and the frames'
// images as they are. Decoding states a limit for everything it allocates.
import { decode, encode } from 'cborg';
import { deflateSync, Inflate } from 'fflate';
import { z } from 'zod';
import { HandrailError } from '../errors/index.ts';
import { contextSchema } from '../statement/index.ts';
import {
  contentBytesMax,
  deviceFindingSchema,
  eventsPerSegmentMax,
  frameSchema,
  framesPerSegmentMax,
  type SegmentContent,
} from './content.ts';
import { packEvents, unpackEvents } from './event-columns.ts';

/** Most that the deflated part may grow to: 16 MiB. */
export const unpackedBytesMax = 16 * 1024 * 1024;

const outerSchema = z.strictObject({
  v: z.literal(1),
  packed: z.instanceof(Uint8Array),
  images: z.array(z.instanceof(Uint8Array)).max(framesPerSegmentMax),
});

const innerSchema = z.strictObject({
  startedAtMs: z.int().min(0),
  contexts: z.array(contextSchema).max(200),
  events: z.strictObject({
    count: z.int().min(0).max(eventsPerSegmentMax),
    strings: z.array(z.string().max(20_000)).max(eventsPerSegmentMax),
    columns: z.record(z.string().max(60), z.instanceof(Uint8Array)),
  }),
  frames: z.array(frameSchema.omit({ image: true })).max(framesPerSegmentMax),
  findings: z.array(deviceFindingSchema).max(100_000),
});

/** Throws `input.too-large` when there is more than one segment may hold. */
export function encodeContent(content: SegmentContent): Uint8Array {
  const { v, startedAtMs, contexts, findings } = content;
  if (content.events.length > eventsPerSegmentMax || content.frames.length > framesPerSegmentMax) {
    throw new HandrailError('input.too-large', 'The segment holds too many events or frames.');
  }
  const frames = content.frames.map(({ image: _, ...rest }) => rest);
  const inner = { startedAtMs, contexts, events: packEvents(content.events), frames, findings };
  const packed = deflateSync(encode(inner), { level: 9 });
  const bytes = encode({ v, packed, images: content.frames.map((frame) => frame.image) });
  if (bytes.length > contentBytesMax) {
    throw new HandrailError('input.too-large', 'The segment holds more than 4 MiB.');
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Throws `format.unknown`, `format.truncated`, `input.invalid` or `input.too-large`. */
export function decodeContent(bytes: Uint8Array): SegmentContent {
  const outer = shaped(outerSchema, fromCbor(bytes));
  const inner = shaped(innerSchema, fromCbor(inflateWithin(outer.packed, unpackedBytesMax)));
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

function fromCbor(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { strict: true, rejectDuplicateMapKeys: true });
  } catch (cause) {
    throw new HandrailError('format.unknown', 'The segment is not valid CBOR.', { cause });
  }
}

function shaped<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', 'The segment has fields of the wrong form.');
}

function inflateWithin(packed: Uint8Array, bytesMax: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflate = new Inflate((part, final) => {
    length += part.length;
    if (length > bytesMax) throw tooLarge();
    parts.push(part);
    ended = final;
  });
  const step = 16_384;
  try {
    for (let at = 0; at < packed.length; at += step) {
      inflate.push(packed.subarray(at, at + step), at + step >= packed.length);
    }
  } catch (cause) {
    if (cause instanceof HandrailError) throw cause;
    throw new HandrailError('format.truncated', 'The deflated part does not inflate.', { cause });
  }
  if (!ended) throw new HandrailError('format.truncated', 'The deflated part ends too early.');
  return joined(parts, length);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function tooLarge(): HandrailError {
  return new HandrailError('input.too-large', 'The segment inflates to more than its limit.');
}
