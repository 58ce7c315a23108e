// One value has one text: JSON Canonicalization Scheme (RFC 8785). Signatures, digests and grants
// are always over these bytes.
import { sha256 } from '@noble/hashes/sha2.js';
import canonicalize from 'canonicalize';
import { fromUtf8, toHex, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';

/** RFC 8785 text of `value`. Throws `input.invalid` for what JSON cannot say (NaN, undefined). */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value);
  } catch (cause) {
    throw new HandrailError('input.invalid', 'The value has no JSON form.', { cause });
  }
  if (text === undefined) throw new HandrailError('input.invalid', 'The value has no JSON form.');
  return text;
}

export function canonicalBytes(value: unknown): Uint8Array {
  return utf8(canonicalJson(value));
}

/** SHA-256 of the canonical bytes, in lower-case hex (64 characters). */
export function canonicalDigest(value: unknown): string {
  return toHex(sha256(canonicalBytes(value)));
}

/** Parses text that must already be canonical. Throws `input.invalid` for any other text. */
export function parseCanonical(bytes: Uint8Array): unknown {
  const text = fromUtf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HandrailError('input.invalid', 'The bytes are not JSON.', { cause });
  }
  if (canonicalJson(value) !== text) {
    throw new HandrailError('input.invalid', 'The JSON is not in canonical form (RFC 8785).');
  }
  return value;
}
