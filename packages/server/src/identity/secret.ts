// Secrets that a browser or a person carries for a while: 32 random bytes, kept here as a hash
// only, so that a copy of the database signs nobody in.
import { createHash } from 'node:crypto';
import { toBase64url } from '@handrail/core/bytes';

export const secretBytes = 32;
export const secretPattern = /^[A-Za-z0-9_-]{43}$/;

export function newSecret({
  randomBytes,
}: {
  readonly randomBytes: (length: number) => Uint8Array;
}): string {
  return toBase64url(randomBytes(secretBytes));
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(`handrail/secret/v1\n${secret}`).digest('base64url');
}

/** What the holder of `secret` can name without giving it away. */
export function codeOf(secret: string): string {
  return createHash('sha256').update(`handrail/link-code/v1\n${secret}`).digest('base64url');
}
