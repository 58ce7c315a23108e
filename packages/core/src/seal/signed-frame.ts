// The frame around everything that is sealed and signed: magic, header length, header, body,
// signature. The signer signs the digests of header and body, so neither stands before another.
import { concatBytes, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { boxOverheadBytes } from './box.ts';
import { portableCrypto, type Sha256 } from './host-crypto.ts';
import { type Signer, verifyEd25519 } from './signing.ts';

/** One kind of sealed object. */
export interface FrameKind {
  /** For messages: `segment`. */
  readonly name: string;
  /** 8 ASCII characters that the file begins with. */
  readonly magic: string;
  readonly headerBytesMax: number;
  readonly bytesMax: number;
}

export interface SignedFrame {
  /** What the signature is over: domain, SHA-256 of the header, SHA-256 of the body. */
  readonly signedBytes: Uint8Array;
  readonly headerBytes: Uint8Array;
  /** A sealed box (see box.ts) whose `aad` is `headerBytes`. */
  readonly body: Uint8Array;
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
}

const lengthBytes = 4;
const signatureBytes = 64;

/** Signs header and body. Throws `input.too-large`. */
export async function signFrame(
  kind: FrameKind,
  headerBytes: Uint8Array,
  body: Uint8Array,
  signer: Signer,
): Promise<SignedFrame & { readonly bytes: Uint8Array }> {
  const signedBytes = frameSignedBytes(kind, headerBytes, body);
  const signature = await signer.sign(signedBytes);
  const length = new Uint8Array(lengthBytes);
  new DataView(length.buffer).setUint32(0, headerBytes.length);
  const bytes = concatBytes(utf8(kind.magic), length, headerBytes, body, signature);
  if (headerBytes.length > kind.headerBytesMax || bytes.length > kind.bytesMax) {
    throw new HandrailError('input.too-large', `The ${kind.name} is too large: cut it earlier.`);
  }
  return { bytes, signedBytes, headerBytes, body, signature };
}

/** Takes the frame apart; checks no signature. Throws `format.unknown`, `format.truncated`, ... */
export function parseFrame(kind: FrameKind, bytes: Uint8Array, hash?: Sha256): SignedFrame {
  if (bytes.length > kind.bytesMax) {
    throw new HandrailError('input.too-large', `The ${kind.name} is larger than its limit.`);
  }
  const magic = utf8(kind.magic);
  if (magic.some((byte, at) => bytes[at] !== byte)) {
    throw new HandrailError('format.unknown', `The bytes are not a sealed ${kind.name}.`);
  }
  const headerAt = magic.length + lengthBytes;
  if (bytes.length < headerAt) throw truncated(kind);
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length);
  const bodyAt = headerAt + headerLength;
  const signatureAt = bytes.length - signatureBytes;
  if (headerLength > kind.headerBytesMax || signatureAt - bodyAt < boxOverheadBytes) {
    throw truncated(kind);
  }
  const headerBytes = bytes.subarray(headerAt, bodyAt);
  const body = bytes.subarray(bodyAt, signatureAt);
  const signedBytes = frameSignedBytes(kind, headerBytes, body, hash);
  return { signedBytes, headerBytes, body, signature: bytes.subarray(signatureAt) };
}

/** True when `publicKey` (Ed25519, 32 bytes) signed exactly this header and body. */
export function verifyFrame(
  kind: FrameKind,
  frame: Pick<SignedFrame, 'headerBytes' | 'body' | 'signature'>,
  publicKey: Uint8Array,
): Promise<boolean> {
  const message = frameSignedBytes(kind, frame.headerBytes, frame.body);
  return verifyEd25519(publicKey, message, frame.signature);
}

function frameSignedBytes(
  kind: FrameKind,
  headerBytes: Uint8Array,
  body: Uint8Array,
  hash: Sha256 = portableCrypto.sha256,
): Uint8Array {
  const domain = utf8(`handrail/${kind.name}/v1\0`);
  return concatBytes(domain, hash(headerBytes), hash(body));
}

function truncated(kind: FrameKind): HandrailError {
  return new HandrailError('format.truncated', `The ${kind.name} ends before its parts do.`);
}
