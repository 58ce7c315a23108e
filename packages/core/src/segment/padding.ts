// Sealed lengths say little about what was done: contents grow to the next PADMÉ length (Nikitin
// et al., PoPETs 2019), at most 12 % and falling with size.
import { HandrailError } from '../errors/index.ts';

const marker = 0x80;

/** `content`, one marker byte, then zeros up to the next PADMÉ length. */
export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(content.length + 1));
  padded.set(content);
  padded[content.length] = marker;
  return padded;
}

/** Throws `seal.broken` when the padding is not as `pad` made it. */
export function unpad(padded: Uint8Array): Uint8Array {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== marker || paddedLength(end + 1) !== padded.length) {
    throw new HandrailError('seal.broken', 'The padding of the sealed content is not valid.');
  }
  return padded.subarray(0, end);
}

/** The PADMÉ length for `length` bytes (at least 1). */
export function paddedLength(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const keptBits = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** Math.max(0, exponent - keptBits);
  return Math.ceil(length / unit) * unit;
}
