// Identifiers: a prefix that says what is named, and 26 letters of Crockford-like base32 (130 bits,
// never a name, a time or a count).
import { sha256 } from '@noble/hashes/sha2.js';
import { HandrailError } from '../errors/index.ts';

export const idPrefixes = [
  'prog', // programme
  'part', // participant (a pseudonym)
  'dev', // device
  'pers', // person of the charter
  'ses', // session of capture
  'seg', // segment
  'traj', // trajectory
  'man', // capture manifest
  'grant',
  'hold', // legal hold
  'rel', // release
  'exp', // export
  'job',
  'inc', // incident
  'read', // reading session
  'login', // somebody who can sign in
] as const;

export type IdPrefix = (typeof idPrefixes)[number];
export type Id<P extends IdPrefix> = `${P}_${string}`;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const bodyLength = 26;
const pattern = new RegExp(`^(${idPrefixes.join('|')})_[${alphabet}]{${bodyLength}}$`);

/** The id of `bytes`: random bytes for new things, content for things named by their content. */
export function idOf<P extends IdPrefix>(prefix: P, bytes: Uint8Array): Id<P> {
  const digest = sha256(bytes);
  let body = '';
  for (let letter = 0; letter < bodyLength; letter++) {
    const bit = letter * 5;
    const pair = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0);
    body += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return `${prefix}_${body}`;
}

export function isId<P extends IdPrefix>(prefix: P, value: unknown): value is Id<P> {
  return typeof value === 'string' && value.startsWith(`${prefix}_`) && pattern.test(value);
}

/** Throws `input.invalid` unless `value` is an id of this prefix. */
export function requireId<P extends IdPrefix>(prefix: P, value: unknown): Id<P> {
  if (isId(prefix, value)) return value;
  throw new HandrailError('input.invalid', `Give an id that starts with ${prefix}_.`);
}
