// The two primitives that a host may bring faster than the portable ones. Whoever brings them
// answers for the same results.
import { sha256 } from '@noble/hashes/sha2.js';
import { verifyEd25519 } from './signing.ts';

/** SHA-256 (FIPS 180-4). */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

export interface HostCrypto {
  readonly sha256: Sha256;
  /** True only for a valid signature; malformed keys and signatures are a plain no. */
  readonly verifyEd25519: typeof verifyEd25519;
}

export const portableCrypto: HostCrypto = { sha256, verifyEd25519 };
