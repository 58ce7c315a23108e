// Text and byte forms used by every format: UTF-8, hex and unpadded base64url, all strict.
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { HandrailError } from '../errors/index.ts';

// The one web-platform class that every runtime of ours has and that ES2024 does not type.
declare const TextDecoder: new (
  label: 'utf-8',
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

export const toHex = bytesToHex;
export const utf8 = utf8ToBytes;

/** Text of strictly valid UTF-8. Throws `input.invalid` otherwise. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new HandrailError('input.invalid', 'The bytes are not UTF-8 text.', { cause });
  }
}

/** Bytes of lower-case or upper-case hex. Throws `input.invalid`. */
export function fromHex(text: string): Uint8Array {
  try {
    return hexToBytes(text);
  } catch (cause) {
    throw new HandrailError('input.invalid', 'The text is not hex.', { cause });
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Of a letter, by its character code. */
const values: readonly (number | undefined)[] = Array.from({ length: 128 }, (_, code) => {
  const value = alphabet.indexOf(String.fromCharCode(code));
  return value < 0 ? undefined : value;
});

/** Unpadded base64url (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let digit = 0; digit <= Math.min(left, 3); digit++) {
      text += alphabet[(word >> (18 - 6 * digit)) & 63];
    }
  }
  return text;
}

/** Bytes of unpadded base64url; only the canonical text is accepted. Throws `input.invalid`. */
export function fromBase64url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let letter = 0; letter < text.length; letter++) {
    const value = values[text.charCodeAt(letter)];
    if (value === undefined) {
      throw new HandrailError('input.invalid', 'The text is not base64url.');
    }
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  // A last letter that adds no byte, or bits after the last byte, would be a second text for it.
  if (bits === 6 || (held & ((1 << bits) - 1)) !== 0) {
    throw new HandrailError('input.invalid', 'The text is not canonical base64url.');
  }
  return bytes;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Compares without an early exit. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}
