// One sealed box: a fresh content key wrapped by HPKE to one public key, then the bulk under that
// content key. Both halves are bound to the same `aad`, so neither can be moved elsewhere.
import { concatBytes } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { encryptOnce, newContentKey } from './content-cipher.ts';
import { type HpkeBox, hpkeSeal, type SealPurpose } from './hpke.ts';

const encapsulatedBytes = 32;
const wrappedKeyBytes = 48;
export const boxOverheadBytes = encapsulatedBytes + wrappedKeyBytes + 16;

/** The parts of a sealed box: 32 bytes encapsulated key, 48 bytes wrapped key, then the bulk. */
export interface BoxParts {
  readonly wrapped: HpkeBox;
  readonly bulk: Uint8Array;
}

/** Seals `plaintext` to `publicKey`. The content key is returned for the owner's review window. */
export async function sealBox(
  publicKey: Uint8Array,
  purpose: SealPurpose,
  aad: Uint8Array,
  plaintext: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly contentKey: Uint8Array }> {
  const contentKey = newContentKey();
  const wrapped = await hpkeSeal(publicKey, purpose, aad, contentKey);
  const bulk = await encryptOnce(contentKey, aad, plaintext);
  return { bytes: concatBytes(wrapped.encapsulated, wrapped.ciphertext, bulk), contentKey };
}

/** Splits a box without opening it. Throws `format.truncated`. */
export function splitBox(bytes: Uint8Array): BoxParts {
  if (bytes.length < boxOverheadBytes) {
    throw new HandrailError('format.truncated', 'The sealed box is shorter than its frame.');
  }
  return {
    wrapped: {
      encapsulated: bytes.subarray(0, encapsulatedBytes),
      ciphertext: bytes.subarray(encapsulatedBytes, encapsulatedBytes + wrappedKeyBytes),
    },
    bulk: bytes.subarray(encapsulatedBytes + wrappedKeyBytes),
  };
}
