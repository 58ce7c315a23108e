// What a participant is shown of a segment in quarantine: its texts as the device redacted them and
// its frames as images any viewer opens. CBOR (RFC 8949), sealed to the reading key.
import { encode } from 'cborg';
import { z } from 'zod';
import { contextSchema, idSchema } from '../statement/index.ts';
import { framesPerSegmentMax } from './content.ts';
import { fromCbor, shaped } from './unpack.ts';

const segmentViewSchema = z.strictObject({
  v: z.literal(1),
  id: idSchema('seg'),
  /** Unix time in ms. */
  startedAtMs: z.int().min(0),
  contexts: z.array(contextSchema).max(200),
  /** Of typed runs and tasks, in order. */
  texts: z.array(z.string().max(20_000)).max(200_000),
  frames: z
    .array(z.strictObject({ atMs: z.int(), image: z.instanceof(Uint8Array) }))
    .max(framesPerSegmentMax),
  /** Frames that no image can be made of. */
  broken: z.int().min(0),
});
type Shown = z.infer<typeof segmentViewSchema>;
export interface SegmentView extends Omit<Shown, 'frames'> {
  readonly frames: readonly { readonly atMs: number; readonly image: Uint8Array }[];
}

export function encodeSegmentView(view: SegmentView): Uint8Array {
  const bytes = encode(shaped('view', segmentViewSchema, view));
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Throws `format.unknown` or `input.invalid`. */
export function decodeSegmentView(bytes: Uint8Array): SegmentView {
  return shaped('view', segmentViewSchema, fromCbor('view', bytes));
}
