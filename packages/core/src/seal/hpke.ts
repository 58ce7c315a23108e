// Hybrid public key encryption (RFC 9180) in one suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
// AES-256-GCM. `purpose` separates what a key is used for, so that no box opens as another kind.
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';

/** What a sealed box is for; part of the HPKE info string. */
export type SealPurpose =
  | 'segment'
  | 'trajectory'
  | 'release'
  | 'reading'
  | 'quarantine'
  | 'bystander';

export interface SealKeyPair {
  /** X25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** X25519, 32 bytes. */
  readonly privateKey: Uint8Array;
}

export interface HpkeBox {
  /** 32 bytes. */
  readonly encapsulated: Uint8Array;
  /** Plaintext length + 16 bytes. */
  readonly ciphertext: Uint8Array;
}

const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

export async function newSealKeyPair(): Promise<SealKeyPair> {
  const pair = await suite.kem.generateKeyPair();
  return {
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)),
    privateKey: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

export async function hpkeSeal(
  publicKey: Uint8Array,
  purpose: SealPurpose,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<HpkeBox> {
  try {
    const recipientPublicKey = await suite.kem.deserializePublicKey(exact(publicKey));
    const params = { recipientPublicKey, info: infoOf(purpose) };
    const box = await suite.seal(params, exact(plaintext), exact(aad));
    return { encapsulated: new Uint8Array(box.enc), ciphertext: new Uint8Array(box.ct) };
  } catch (cause) {
    throw new HandrailError('keys.unknown', 'The public key is not a usable X25519 key.', {
      cause,
    });
  }
}

/** Throws `seal.broken` when key, purpose, `aad` or bytes are not as they were sealed. */
export async function hpkeOpen(
  privateKey: Uint8Array,
  purpose: SealPurpose,
  aad: Uint8Array,
  box: HpkeBox,
): Promise<Uint8Array> {
  try {
    const recipientKey = await suite.kem.deserializePrivateKey(exact(privateKey));
    const params = { recipientKey, enc: exact(box.encapsulated), info: infoOf(purpose) };
    return new Uint8Array(await suite.open(params, exact(box.ciphertext), exact(aad)));
  } catch (cause) {
    throw new HandrailError('seal.broken', 'The sealed bytes do not open with this key.', {
      cause,
    });
  }
}

function infoOf(purpose: SealPurpose): ArrayBuffer {
  return exact(utf8(`handrail/${purpose}/v1`));
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
