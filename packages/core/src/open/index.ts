// Opening what was sealed to a vault or participant key. Only the vault may import this.

import { splitBox } from '../seal/box.ts';
import { decryptOnce } from '../seal/content-cipher.ts';
import { hpkeOpen, type SealPurpose } from '../seal/hpke.ts';

/** The content key of a box, unwrapped. Throws `seal.broken`, `format.truncated`. */
export function unwrapContentKey(
  privateKey: Uint8Array,
  purpose: Exclude<SealPurpose, 'reading'>,
  aad: Uint8Array,
  box: Uint8Array,
): Promise<Uint8Array> {
  return hpkeOpen(privateKey, purpose, aad, splitBox(box).wrapped);
}

/** The plaintext of a box whose content key is known. Throws `seal.broken`, `format.truncated`. */
export function openBulk(
  contentKey: Uint8Array,
  aad: Uint8Array,
  box: Uint8Array,
): Promise<Uint8Array> {
  return decryptOnce(contentKey, aad, splitBox(box).bulk);
}
