// Checks one signature of a note by one known key: Ed25519 over the text, or a witness's
// timestamped cosignature/v1 (C2SP tlog-cosignature).
import { concatBytes, utf8 } from '../bytes/index.ts';
import { type Signer, verifyEd25519 } from '../seal/index.ts';
import type { VerifierKey } from './note-key.ts';

const timestampBytes = 8;
const signatureBytes = 64;

/** What the signature says beyond the text, or undefined when it does not hold. */
export async function checkSignature(
  key: VerifierKey,
  text: string,
  signature: Uint8Array,
): Promise<{ readonly timestampS?: number } | undefined> {
  if (key.kind === 'ed25519') {
    return (await verifyEd25519(key.publicKey, utf8(text), signature)) ? {} : undefined;
  }
  if (signature.length !== timestampBytes + signatureBytes) return undefined;
  const timestampS = readTimestamp(signature);
  if (timestampS === undefined) return undefined;
  const message = cosignedMessage(text, timestampS);
  const held = await verifyEd25519(key.publicKey, message, signature.slice(timestampBytes));
  return held ? { timestampS } : undefined;
}

/** The 72 bytes of a cosignature/v1 over a checkpoint's text at `timestampS` (Unix seconds). */
export async function timestampedSignature(
  signer: Signer,
  text: string,
  timestampS: number,
): Promise<Uint8Array> {
  const signature = await signer.sign(cosignedMessage(text, timestampS));
  return concatBytes(writeTimestamp(timestampS), signature);
}

function cosignedMessage(text: string, timestampS: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${timestampS}\n${text}`);
}

function writeTimestamp(timestampS: number): Uint8Array {
  const bytes = new Uint8Array(timestampBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timestampS));
  return bytes;
}

/** Undefined beyond what a JavaScript number holds exactly, and for zero. */
function readTimestamp(signature: Uint8Array): number | undefined {
  const view = new DataView(signature.buffer, signature.byteOffset, signature.length);
  const timestampS = Number(view.getBigUint64(0));
  return Number.isSafeInteger(timestampS) && timestampS > 0 ? timestampS : undefined;
}
