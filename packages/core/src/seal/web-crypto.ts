// The few WebCrypto calls that sealing needs, typed here because core has no platform types.
// This is the only place in core that meets randomness.
import { HandrailError } from '../errors/index.ts';

export interface CryptoKey {
  readonly type: string;
}

interface Subtle {
  importKey(
    format: 'raw' | 'pkcs8',
    data: Uint8Array,
    algorithm: { name: string },
    extractable: boolean,
    usages: readonly string[],
  ): Promise<CryptoKey>;
  exportKey(format: 'jwk', key: CryptoKey): Promise<{ readonly x: string }>;
  sign(algorithm: { name: string }, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  verify(
    algorithm: { name: string },
    key: CryptoKey,
    signature: Uint8Array,
    data: Uint8Array,
  ): Promise<boolean>;
  encrypt(algorithm: AesGcm, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
  decrypt(algorithm: AesGcm, key: CryptoKey, data: Uint8Array): Promise<ArrayBuffer>;
}

interface AesGcm {
  readonly name: 'AES-GCM';
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

declare const crypto: { readonly subtle: Subtle; getRandomValues(bytes: Uint8Array): Uint8Array };

export const subtle: Subtle = crypto.subtle;

/** `length` bytes from the platform's secure generator; at most 1024 at once. */
export function randomBytes(length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 1 || length > 1024) {
    throw new HandrailError('usage.invalid', 'Ask for 1 to 1024 random bytes.');
  }
  return crypto.getRandomValues(new Uint8Array(length));
}
