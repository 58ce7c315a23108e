// A sealed segment: signed header, sealed body. The device signs the digests of both, so a header
// cannot be put before another body, and whoever holds the bytes can check them without opening.
import { fromBase64url } from '../bytes/index.ts';
import { type Id, idOf } from '../ids/index.ts';
import {
  type FrameKind,
  type HostCrypto,
  parseFrame,
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
export function parseSealed(bytes: Uint8Array): SealedSegment {
  return segmentOf(parseFrame(segmentKind, bytes));
}

/** A segment, and whether a device signed the very bytes it was parsed from. */
export interface SignedSegment {
  readonly segment: SealedSegment;
  signedBy(deviceKey: Uint8Array): Promise<boolean>;
}

/** `parseSealed` and `verifySealed` that hash only once, for hosts that take many segments in. */
export function parseSigned(
  bytes: Uint8Array,
  { sha256, verifyEd25519 }: HostCrypto,
): SignedSegment {
  const frame = parseFrame(segmentKind, bytes, sha256);
  return {
    segment: segmentOf(frame),
    signedBy: (deviceKey) => verifyEd25519(deviceKey, frame.signedBytes, frame.signature),
  };
}

/** True when `deviceKey` (Ed25519, 32 bytes) signed exactly this header and body. */
export function verifySealed(segment: SealedSegment, deviceKey: Uint8Array): Promise<boolean> {
  return verifyFrame(segmentKind, segment, deviceKey);
}

function segmentOf(frame: SignedFrame): SealedSegment {
  const { headerBytes, body, signature } = frame;
  return { id: segmentId(frame), header: decodeHeader(headerBytes), headerBytes, body, signature };
}

function segmentId(frame: SignedFrame): Id<'seg'> {
  return idOf('seg', frame.signedBytes);
}
