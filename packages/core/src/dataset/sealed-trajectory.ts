// A sealed trajectory: a header that the server may know, a body sealed to the participant's
// trajectory key, signed by the vault over both.
import { z } from 'zod';
import { fromBase64url } from '../bytes/index.ts';
import { canonicalBytes, parseCanonical } from '../canonical-json/index.ts';
import { HandrailError } from '../errors/index.ts';
import {
  type FrameKind,
  parseFrame,
  type Signer,
  sealBox,
  signFrame,
  verifyFrame,
} from '../seal/index.ts';
import { pad } from '../segment/padding.ts';
import { idSchema, publicKeySchema } from '../statement/index.ts';
import { encodeTrajectory, trajectoryBytesMax } from './codec.ts';
import {
  actionsPerTrajectoryMax,
  segmentsPerTrajectoryMax,
  type Trajectory,
} from './trajectory.ts';

const kind: FrameKind = {
  name: 'trajectory',
  magic: 'HRTRJ1\n\0',
  headerBytesMax: 128 * 1024,
  // Padding adds at most 12 %.
  bytesMax: Math.ceil(trajectoryBytesMax * 1.13),
};

export const trajectoryHeaderSchema = z.strictObject({
  v: z.literal(1),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1).max(1_000_000),
  trajectory: idSchema('traj'),
  /** UTC day of the key. */
  day: z.iso.date(),
  /** The participant's trajectory key of that day: X25519, base64url. */
  sealedTo: publicKeySchema,
  actions: z.int().min(0).max(actionsPerTrajectoryMax),
  contexts: z
    .array(z.strictObject({ app: z.string().max(100), origin: z.string().max(300).optional() }))
    .max(200),
  segments: z.array(idSchema('seg')).max(segmentsPerTrajectoryMax),
});
export type TrajectoryHeader = z.infer<typeof trajectoryHeaderSchema>;

export interface SealedTrajectory {
  readonly header: TrajectoryHeader;
  readonly headerBytes: Uint8Array;
  /** A box of purpose `trajectory` whose aad is `headerBytes`. */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** Pads and seals `trajectory` under `header`; `signTrajectory` makes an object of both. */
export async function sealTrajectory(
  header: TrajectoryHeader,
  trajectory: Trajectory,
): Promise<{ readonly headerBytes: Uint8Array; readonly body: Uint8Array }> {
  const headerBytes = canonicalBytes(trajectoryHeaderSchema.parse(header));
  const sealedTo = fromBase64url(header.sealedTo);
  const content = pad(encodeTrajectory(trajectory));
  const { bytes: body } = await sealBox(sealedTo, 'trajectory', headerBytes, content);
  return { headerBytes, body };
}

/** The bytes of the object, signed by the vault. Throws `input.too-large`. */
export async function signTrajectory(
  headerBytes: Uint8Array,
  body: Uint8Array,
  vault: Signer,
): Promise<Uint8Array> {
  return (await signFrame(kind, headerBytes, body, vault)).bytes;
}

/** Parses the frame; checks no signature. Throws `format.unknown`, `format.truncated`, ... */
export function parseTrajectory(bytes: Uint8Array): SealedTrajectory {
  const { headerBytes, body, signature } = parseFrame(kind, bytes);
  const parsed = trajectoryHeaderSchema.safeParse(parseCanonical(headerBytes));
  if (parsed.success) return { header: parsed.data, headerBytes, body, signature };
  throw new HandrailError('input.invalid', 'The trajectory header has unknown or missing fields.');
}

/** True when `vaultKey` (Ed25519, 32 bytes) signed exactly this header and body. */
export function verifyTrajectory(
  trajectory: SealedTrajectory,
  vaultKey: Uint8Array,
): Promise<boolean> {
  return verifyFrame(kind, trajectory, vaultKey);
}
