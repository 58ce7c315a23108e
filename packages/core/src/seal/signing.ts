// Ed25519 (RFC 8032) through WebCrypto: devices, persons, the vault and the ledger sign with it.
import { concatBytes, fromBase64url } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { randomBytes, subtle } from './web-crypto.ts';

/** Whoever can sign. A browser's device key is not extractable, so no signer shows its seed. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes over `message`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const ed25519 = { name: 'Ed25519' };
const signatureBytes = 64;
// RFC 8410: the fixed bytes before a 32-byte Ed25519 seed in PKCS #8.
const pkcs8Prefix = Uint8Array.of(
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04],
  0x20,
);

/** A fresh 32-byte Ed25519 seed. */
export function newSigningSeed(): Uint8Array {
  return randomBytes(32);
}

/** The signer of a 32-byte seed. Throws `usage.invalid` for another length. */
export async function signerFromSeed(seed: Uint8Array): Promise<Signer> {
  if (seed.length !== 32) throw new HandrailError('usage.invalid', 'A signing seed has 32 bytes.');
  const pkcs8 = concatBytes(pkcs8Prefix, seed);
  const privateKey = await subtle.importKey('pkcs8', pkcs8, ed25519, true, ['sign']);
  const { x } = await subtle.exportKey('jwk', privateKey);
  const publicKey = fromBase64url(x);
  return {
    publicKey,
    sign: async (message) => new Uint8Array(await subtle.sign(ed25519, privateKey, message)),
  };
}

/** True only for a valid signature by `publicKey`; malformed keys and signatures are a plain no. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== signatureBytes) return false;
  try {
    const key = await subtle.importKey('raw', publicKey, ed25519, false, ['verify']);
    return await subtle.verify(ed25519, key, signature, message);
  } catch {
    return false;
  }
}
