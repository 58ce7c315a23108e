// Padded base64 (RFC 4648 section 4) as ASCII bytes: images are too large to go through strings.
import { utf8 } from '../bytes/index.ts';

const alphabet = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = 0x3d;

export function toBase64Bytes(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(padding);
  let to = 0;
  for (let from = 0; from < bytes.length; from += 3) {
    const left = bytes.length - from;
    const word =
      ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8) | (bytes[from + 2] ?? 0);
    out[to] = alphabet[word >> 18] ?? padding;
    out[to + 1] = alphabet[(word >> 12) & 63] ?? padding;
    if (left > 1) out[to + 2] = alphabet[(word >> 6) & 63] ?? padding;
    if (left > 2) out[to + 3] = alphabet[word & 63] ?? padding;
    to += 4;
  }
  return out;
}
