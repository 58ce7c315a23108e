// The byte form of a trajectory as it is sealed: CBOR (RFC 8949), the facts deflated and the images
// as they are.
import { encode } from 'cborg';
import { deflateSync } from 'fflate';
import { z } from 'zod';
import { HandrailError } from '../errors/index.ts';
import { fromCbor, inflateWithin, shaped } from '../segment/unpack.ts';
import {
  actionsPerTrajectoryMax,
  frameBytesPerTrajectoryMax,
  type Trajectory,
  type TrajectoryFactsOnly,
  type TrajectoryFrame,
  trajectoryFactsOnlySchema,
} from './trajectory.ts';

/** Most that the deflated facts may grow to: 64 MiB. */
export const factsBytesMax = 64 * 1024 * 1024;
/** Largest byte form: images and facts. */
export const trajectoryBytesMax = frameBytesPerTrajectoryMax + factsBytesMax;

const what = 'trajectory';
const images = z.array(z.instanceof(Uint8Array)).max(actionsPerTrajectoryMax);
const packedSchema = z.strictObject({ v: z.literal(1), packed: z.instanceof(Uint8Array), images });

/** Throws `input.too-large` when there is more than one trajectory may hold. */
export function encodeTrajectory(trajectory: Trajectory): Uint8Array {
  const packed = deflateSync(encode(shaped(what, trajectoryFactsOnlySchema, factsOf(trajectory))));
  return plain(encode({ v: 1, packed, images: imagesOf(trajectory) }));
}

/** Throws `format.unknown`, `format.truncated`, `input.invalid` or `input.too-large`. */
export function decodeTrajectory(bytes: Uint8Array): Trajectory {
  const outer = shaped(what, packedSchema, fromCbor(what, within(bytes)));
  const facts = fromCbor(what, inflateWithin(what, outer.packed, factsBytesMax));
  return joined(shaped(what, trajectoryFactsOnlySchema, facts), outer.images);
}

/** The JSON form: everything but pixels. */
export function factsOf(trajectory: Trajectory): TrajectoryFactsOnly {
  return { ...trajectory, frames: trajectory.frames.map(({ image: _, ...facts }) => facts) };
}

function imagesOf(trajectory: Trajectory): Uint8Array[] {
  const all = trajectory.frames.map((frame) => frame.image);
  if (all.reduce((sum, image) => sum + image.length, 0) > frameBytesPerTrajectoryMax) {
    throw new HandrailError('input.too-large', 'The trajectory holds too many bytes of frames.');
  }
  return all;
}

function joined(facts: TrajectoryFactsOnly, all: readonly Uint8Array[]): Trajectory {
  const frames: TrajectoryFrame[] = [];
  for (const [at, frame] of facts.frames.entries()) {
    const image = all[at];
    if (image !== undefined) frames.push({ ...frame, image });
  }
  if (frames.length !== all.length || frames.length !== facts.frames.length) {
    throw new HandrailError('input.invalid', 'The trajectory has other images than frames.');
  }
  return { ...facts, frames };
}

function within(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= trajectoryBytesMax) return bytes;
  throw new HandrailError('input.too-large', 'The trajectory is larger than its limit.');
}

/** cborg may answer with a Buffer in Node; formats deal in plain arrays. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
