// How an entry points at something without naming it: only who has the salt or the tag key can
// tell what it stands for, and no two entries carry the same tag.
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, toBase64url, utf8 } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';

export const saltBytes = 32;
export const tagKeyBytes = 32;
export const tagBytes = 16;
export const tagLabelLettersMax = 256;

const tagDomain = 'handrail/tag/v1\n';

/** base64url of SHA-256(salt || payload). The salt is 32 fresh random bytes. */
export function commitment(salt: Uint8Array, payload: Uint8Array): string {
  if (salt.length !== saltBytes) throw wrong(`A salt has ${saltBytes} bytes.`);
  return toBase64url(sha256(concatBytes(salt, payload)));
}

/**
 * base64url of the first 16 bytes of HMAC-SHA256(tagKey, "handrail/tag/v1\n" + label). Use a label
 * once, such as `segments.accepted 17`: the same label gives the same tag.
 */
export function oneTimeTag(tagKey: Uint8Array, label: string): string {
  if (tagKey.length !== tagKeyBytes) throw wrong(`A tag key has ${tagKeyBytes} bytes.`);
  if (label === '' || label.length > tagLabelLettersMax) throw wrong('Give a short tag label.');
  return toBase64url(hmac(sha256, tagKey, utf8(tagDomain + label)).slice(0, tagBytes));
}

function wrong(message: string): HandrailError {
  return new HandrailError('usage.invalid', message);
}
