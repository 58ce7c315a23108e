// Bulk encryption: AES-256-GCM (NIST SP 800-38D) with a content key that is used for one message
// only, so the nonce is fixed by the format.
import { HandrailError } from '../errors/index.ts';
import { randomBytes, subtle } from './web-crypto.ts';

export const contentKeyBytes = 32;
const onceNonce = new Uint8Array(12);
const nonceBytes = 12;

/** A fresh content key; use it for exactly one `encryptOnce`. */
export function newContentKey(): Uint8Array {
  return randomBytes(contentKeyBytes);
}

export function encryptOnce(
  key: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  return encrypt(key, onceNonce, aad, plaintext);
}

export function decryptOnce(
  key: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  return decrypt(key, onceNonce, aad, ciphertext);
}

/** For keys that meet several messages (tree nodes, window keys): nonce, then ciphertext. */
export async function encryptWithNonce(
  key: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const nonce = randomBytes(nonceBytes);
  const ciphertext = await encrypt(key, nonce, aad, plaintext);
  const whole = new Uint8Array(nonceBytes + ciphertext.length);
  whole.set(nonce);
  whole.set(ciphertext, nonceBytes);
  return whole;
}

export function decryptWithNonce(
  key: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  return decrypt(key, sealed.subarray(0, nonceBytes), aad, sealed.subarray(nonceBytes));
}

async function encrypt(
  key: Uint8Array,
  iv: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const imported = await importKey(key, 'encrypt');
  return new Uint8Array(
    await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, imported, plaintext),
  );
}

async function decrypt(
  key: Uint8Array,
  iv: Uint8Array,
  additionalData: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  const imported = await importKey(key, 'decrypt');
  try {
    return new Uint8Array(
      await subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, imported, ciphertext),
    );
  } catch (cause) {
    throw new HandrailError('seal.broken', 'The sealed bytes were changed or the key is another.', {
      cause,
    });
  }
}

function importKey(key: Uint8Array, usage: 'encrypt' | 'decrypt') {
  if (key.length !== contentKeyBytes) {
    throw new HandrailError('usage.invalid', 'A content key has 32 bytes.');
  }
  return subtle.importKey('raw', key, { name: 'AES-GCM' }, false, [usage]);
}
