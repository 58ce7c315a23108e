// Reading what was sealed to a reader: boxes of the purpose `reading` and no other, so that this
// code cannot open anything that was sealed to a participant or to the vault.
import { splitBox } from '../seal/box.ts';
import { decryptOnce } from '../seal/content-cipher.ts';
import { hpkeOpen } from '../seal/hpke.ts';

/** The plaintext sealed to `readingKey` (X25519 private key, 32 bytes). Throws `seal.broken`. */
export async function readBox(
  readingKey: Uint8Array,
  aad: Uint8Array,
  box: Uint8Array,
): Promise<Uint8Array> {
  const { wrapped, bulk } = splitBox(box);
  return decryptOnce(await hpkeOpen(readingKey, 'reading', aad, wrapped), aad, bulk);
}
