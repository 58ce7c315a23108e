// A sealed segment: signed header, sealed body. The device signs the digests of both, so a header
// cannot be put before another body, and whoever holds the bytes can check them without opening.
import { fromBase64url } from '../bytes/index.ts';
import { type Id, idOf } from '../ids/index.ts';
import {
  type FrameKind,
  parseFrame,
  type Sha256,
  type SignedFrame,
  type Signer,
  sealBox,
  signFrame,
  verifyFrame,
} from '../seal/index.ts';
import { decodeHeader, encodeHeader, headerBytesMax, type SegmentHeader } from './header.ts';
import { pad } from './padding.ts';

/** Largest sealed segment, 5 MiB: 4 MiB of content, its padding and frame. */
export const sealedBytesMax = 5 * 1024 * 1024;

const segmentKind: FrameKind = {
  name: 'segment',
  magic: 'HRSEG1\n\0',
  headerBytesMax,
  bytesMax: sealedBytesMax,
};

export interface SealedSegment {
  readonly id: Id<'seg'>;
  readonly header: SegmentHeader;
  readonly headerBytes: Uint8Array;
  /** A sealed box (see seal/box.ts) whose `aad` is `headerBytes`. */
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** Pads, seals and signs `content`; also gives the content key for the owner's review window. */
export async function sealSegment(
  header: SegmentHeader,
  content: Uint8Array,
  device: Signer,
): Promise<{
  readonly bytes: Uint8Array;
  readonly contentKey: Uint8Array;
  readonly id: Id<'seg'>;
}> {
  const headerBytes = encodeHeader(header);
  const sealedTo = fromBase64url(header.sealedTo);
  const { bytes: body, contentKey } = await sealBox(sealedTo, 'segment', headerBytes, pad(content));
  const frame = await signFrame(segmentKind, headerBytes, body, device);
  return { bytes: frame.bytes, contentKey, id: segmentId(frame) };
}

/** Parses the frame; checks no signature. Throws `format.unknown`, `format.truncated`, … */
export function parseSealed(bytes: Uint8Array, hash?: Sha256): SealedSegment {
  const frame = parseFrame(segmentKind, bytes, hash);
  const { headerBytes, body, signature } = frame;
  return { id: segmentId(frame), header: decodeHeader(headerBytes), headerBytes, body, signature };
}

/** True when `deviceKey` (Ed25519, 32 bytes) signed exactly this header and body. */
export function verifySealed(
  segment: SealedSegment,
  deviceKey: Uint8Array,
  hash?: Sha256,
): Promise<boolean> {
  return verifyFrame(segmentKind, segment, deviceKey, hash);
}

function segmentId(frame: SignedFrame): Id<'seg'> {
  return idOf('seg', frame.signedBytes);
}
