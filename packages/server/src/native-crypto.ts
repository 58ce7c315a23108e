// SHA-256 and Ed25519 by the platform: hashing about ten times as fast as the portable one, and
// verifying on the thread pool with keys that are parsed once.
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { HostCrypto } from '@handrail/core/seal';
import { KeptMap } from './storage/kept-map.ts';

const keysKeptMax = 20_000;
const keyBytes = 32;
const signatureBytes = 64;

const keys = new KeptMap<string, KeyObject>(keysKeptMax);

export const nativeCrypto: HostCrypto = {
  sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  verifyEd25519: (publicKey, message, signature) => {
    if (publicKey.length !== keyBytes || signature.length !== signatureBytes) {
      return Promise.resolve(false);
    }
    return new Promise((resolve) => {
      // The algorithm is the key's own; an error in checking is a no.
      const answer = (error: Error | null, valid: boolean) => resolve(error === null && valid);
      verify(null, message, keyOf(publicKey), signature, answer);
    });
  },
};

function keyOf(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url');
  const kept = keys.get(x);
  if (kept !== undefined) return kept;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  keys.set(x, key);
  return key;
}
