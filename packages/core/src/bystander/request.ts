// What somebody gives to be found by, and its sealed form: all requests have one length, and only
// the vault opens them. What would find everybody is no request.
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { concatBytes, fromBase64url, fromUtf8, toHex, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { signsInValue } from '../pixels/index.ts';
import { boxOverheadBytes, sealBox } from '../seal/index.ts';
import { sealKeyOf } from './vault-key.ts';

export const soughtMax = 20;
export const soughtCharsMax = 80;
/** Letters and digits, those that OCR takes for one counted once. */
export const soughtSignsMin = 6;
/** Room for the longest there are, whatever JSON makes of them. */
const contentBytes = 12_288;
/** Of every sealed request. */
export const requestBytes = contentBytes + boxOverheadBytes;

export type TooWide = 'too-short' | 'too-long' | 'one-word';

/** Why a string would find more than one person; undefined for one that may be sought. */
export function whyTooWide(sought: string): TooWide | undefined {
  const text = sought.trim();
  if (text.length > soughtCharsMax) return 'too-long';
  if (signsInValue(text).length < soughtSignsMin) return 'too-short';
  // A name in two words, an address, a number or a handle; never a word of the language.
  return /\S\s+\S|[\p{N}@._+]/u.test(text) ? undefined : 'one-word';
}

const requestSchema = z.strictObject({
  v: z.literal(1),
  sought: z.array(z.string().min(1).max(soughtCharsMax)).min(1).max(soughtMax),
});

/**
 * Seals for the vault alone. `vaultKey` is its identity, base64url. Throws `usage.invalid` where
 * there are too many, or where one would find too much; the message does not say which.
 */
export async function sealRequest(
  vaultKey: string,
  programme: string,
  sought: readonly string[],
): Promise<Uint8Array> {
  const texts = [...new Set(sought.map((text) => text.trim()))];
  if (texts.length === 0 || texts.length > soughtMax || texts.some(isTooWide)) {
    throw new HandrailError('usage.invalid', rules);
  }
  const content = utf8(JSON.stringify({ v: 1, sought: texts }));
  const padding = utf8(' '.repeat(contentBytes - content.length));
  const key = sealKeyOf(fromBase64url(vaultKey));
  const padded = concatBytes(content, padding);
  return (await sealBox(key, 'bystander', requestAad(programme), padded)).bytes;
}

const rules =
  `Give 1 to ${soughtMax} lines of at most ${soughtCharsMax} letters, each a name in two ` +
  `words, an address, a number or a handle with at least ${soughtSignsMin} letters and digits.`;

function isTooWide(text: string): boolean {
  return whyTooWide(text) !== undefined;
}

/** What a request seeks; undefined where it is of another form, or would find too much. */
export function parseRequest(content: Uint8Array): readonly string[] | undefined {
  try {
    const { sought } = requestSchema.parse(JSON.parse(fromUtf8(content)));
    return sought.some(isTooWide) ? undefined : sought;
  } catch {
    return undefined;
  }
}

export function requestAad(programme: string): Uint8Array {
  return utf8(`handrail/bystander/v1\n${programme}`);
}

/** The name of a request: SHA-256 of its sealed form, hex. */
export function requestDigest(box: Uint8Array): string {
  return toHex(sha256(box));
}
