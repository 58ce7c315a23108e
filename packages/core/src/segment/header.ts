// The signed header of a segment: everything the server may know about it, and nothing else. It
// holds no times: the key's UTC day is the finest.
import { z } from 'zod';
import { canonicalBytes, parseCanonical } from '../canonical-json/index.ts';
import { HandrailError } from '../errors/index.ts';
import { digestSchema, idSchema, publicKeySchema } from '../statement/index.ts';

export const headerBytesMax = 4096;

export const segmentHeaderSchema = z.strictObject({
  v: z.literal(1),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  device: idSchema('dev'),
  session: idSchema('ses'),
  /** Counts from 0 within the session. */
  sequence: z.int().min(0).max(1_000_000),
  /** True when the segments since the last closing one can be refined: nothing is held open. */
  closes: z.boolean(),
  consentEpoch: z.int().min(1).max(1_000_000),
  programmeEpoch: z.int().min(1).max(1_000_000),
  manifest: digestSchema,
  display: z.enum(['own', 'virtual', 'import']),
  /** The participant's raw day key that the body is sealed to: X25519, base64url. */
  sealedTo: publicKeySchema,
  day: z.iso.date(),
});
export type SegmentHeader = z.infer<typeof segmentHeaderSchema>;

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = canonicalBytes(segmentHeaderSchema.parse(header));
  if (bytes.length > headerBytesMax) {
    throw new HandrailError('input.too-large', 'The segment header is too large.');
  }
  return bytes;
}

/** Throws `input.invalid` for anything but one canonical header. */
export function decodeHeader(bytes: Uint8Array): SegmentHeader {
  const parsed = segmentHeaderSchema.safeParse(parseCanonical(bytes));
  if (parsed.success) return parsed.data;
  throw new HandrailError('input.invalid', 'The segment header has unknown or missing fields.');
}
