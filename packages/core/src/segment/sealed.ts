// A sealed segment: signed header, sealed body. The device signs the digests of both, so a header
// cannot be put before another body, and whoever holds the bytes can check them without opening.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromBase64url, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { type Id, idOf } from '../ids/index.ts';
import { boxOverheadBytes, type Signer, sealBox, verifyEd25519 } from '../seal/index.ts';
import { decodeHeader, encodeHeader, headerBytesMax, type SegmentHeader } from './header.ts';
import { pad } from './padding.ts';

/** Largest sealed segment, 5 MiB: 4 MiB of content, its padding and frame. */
export const sealedBytesMax = 5 * 1024 * 1024;

const magic = utf8('HRSEG1\n\0');
const lengthBytes = 4;
const signatureBytes = 64;
const domain = utf8('handrail/segment/v1\0');

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
  const signature = await device.sign(signedBytes(headerBytes, body));
  const bytes = concatBytes(magic, bigEndian(headerBytes.length), headerBytes, body, signature);
  if (bytes.length > sealedBytesMax) {
    throw new HandrailError('input.too-large', 'The segment is too large: cut it earlier.');
  }
  return { bytes, contentKey, id: segmentId(headerBytes, body) };
}

/** Parses the frame; checks no signature. Throws `format.unknown`, `format.truncated`, … */
export function parseSealed(bytes: Uint8Array): SealedSegment {
  if (bytes.length > sealedBytesMax) {
    throw new HandrailError('input.too-large', 'The segment is larger than 5 MiB.');
  }
  if (magic.some((byte, at) => bytes[at] !== byte)) {
    throw new HandrailError('format.unknown', 'The bytes are not a sealed segment.');
  }
  const headerAt = magic.length + lengthBytes;
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length);
  const bodyAt = headerAt + headerLength;
  const signatureAt = bytes.length - signatureBytes;
  if (headerLength > headerBytesMax || signatureAt - bodyAt < boxOverheadBytes) {
    throw new HandrailError('format.truncated', 'The segment ends before its parts do.');
  }
  const headerBytes = bytes.subarray(headerAt, bodyAt);
  const body = bytes.subarray(bodyAt, signatureAt);
  return {
    id: segmentId(headerBytes, body),
    header: decodeHeader(headerBytes),
    headerBytes,
    body,
    signature: bytes.subarray(signatureAt),
  };
}

/** True when `deviceKey` (Ed25519, 32 bytes) signed exactly this header and body. */
export function verifySealed(segment: SealedSegment, deviceKey: Uint8Array): Promise<boolean> {
  const message = signedBytes(segment.headerBytes, segment.body);
  return verifyEd25519(deviceKey, message, segment.signature);
}

function segmentId(headerBytes: Uint8Array, body: Uint8Array): Id<'seg'> {
  return idOf('seg', signedBytes(headerBytes, body));
}

function signedBytes(headerBytes: Uint8Array, body: Uint8Array): Uint8Array {
  return concatBytes(domain, sha256(headerBytes), sha256(body));
}

function bigEndian(length: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}
