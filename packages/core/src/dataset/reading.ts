// What a reader gets, chunk by chunk: the first holds everything but pixels and the first picture,
// each other one more picture. CBOR (RFC 8949), sealed apart, bound to the session and the number.
import { encode } from 'cborg';
import { z } from 'zod';
import { utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { fromCbor, shaped } from '../segment/unpack.ts';
import { type SegmentFacts, segmentFactsSchema } from '../segment/view.ts';
import { factsBytesMax } from './codec.ts';
import { type TrajectoryFactsOnly, trajectoryFactsOnlySchema } from './trajectory.ts';

const what = 'chunk';
const chunkSchema = z.strictObject({
  v: z.literal(1),
  /** Of the first chunk: a trajectory, or in its place a segment. */
  json: z.string().max(factsBytesMax).exactOptional(),
  segment: z.string().max(factsBytesMax).exactOptional(),
  image: z.instanceof(Uint8Array).exactOptional(),
});

export interface ReadingChunk {
  readonly facts?: TrajectoryFactsOnly;
  readonly segment?: SegmentFacts;
  /** WebP, marked with who reads it. */
  readonly image?: Uint8Array;
}

/** How many chunks something with so many frames comes in. */
export function chunksOf(frames: number): number {
  return Math.max(1, frames);
}

/** What chunk `number` is sealed for: this session (`statementDigest`) and this place in it. */
export function chunkAad(sessionDigest: string, number: number): Uint8Array {
  return utf8(`handrail/reading/v1 ${sessionDigest} ${number}`);
}

export function encodeChunk({ facts, segment, image }: ReadingChunk): Uint8Array {
  const bytes = encode({
    v: 1,
    ...(facts === undefined ? {} : { json: JSON.stringify(facts) }),
    ...(segment === undefined ? {} : { segment: JSON.stringify(segment) }),
    ...(image === undefined ? {} : { image }),
  });
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Throws `format.unknown`, `format.truncated` or `input.invalid`. */
export function decodeChunk(bytes: Uint8Array): ReadingChunk {
  const { json, segment, image } = shaped(what, chunkSchema, fromCbor(what, bytes));
  return {
    ...(json === undefined ? {} : { facts: parsed(trajectoryFactsOnlySchema, json) }),
    ...(segment === undefined ? {} : { segment: parsed(segmentFactsSchema, segment) }),
    ...(image === undefined ? {} : { image }),
  };
}

function parsed<S extends z.ZodType>(schema: S, json: string): z.infer<S> {
  try {
    return shaped(what, schema, JSON.parse(json));
  } catch (cause) {
    throw new HandrailError('format.unknown', 'The chunk holds nothing that is read.', { cause });
  }
}
