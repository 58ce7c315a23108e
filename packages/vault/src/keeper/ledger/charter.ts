// The pinned charter, signed by its own deciders. Only amendments in the ledger, each signed under
// the one before, replace it; the one that they led to is kept for checking checkpoints.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8 } from '@handrail/core/bytes';
import { canonicalBytes, canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  charterSchema,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { readPrivate, replacePrivate } from '../folder/private-file.ts';

export type SignedCharter = Signed<Charter>;

const signedCharterSchema = signedSchema(charterSchema);
const charterPath = (folder: string) => join(folder, 'charter.json');
const inForcePath = (folder: string) => join(folder, 'charter-in-force.json');

/** Throws `input.invalid` for a value of another form. */
export function parseCharter(value: unknown): SignedCharter {
  const parsed = signedCharterSchema.safeParse(value);
  if (parsed.success) return parsed.data as SignedCharter;
  throw new HandrailError('input.invalid', 'This is no signed charter.');
}

/** The keys of the persons who decide: stewards and officers. */
export function decidingKeys(charter: Charter, keys: ReadonlySet<string>): ReadonlySet<string> {
  const deciders = charter.persons.filter(({ role }) => role === 'steward' || role === 'officer');
  return new Set(deciders.map(({ publicKey }) => publicKey).filter((key) => keys.has(key)));
}

/**
 * Pins `signed`, once. Throws `signature.invalid` without one of its own deciders, `state.conflict`
 * where another is pinned: amendments come by the ledger.
 */
export async function pinCharter(folder: string, signed: SignedCharter): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = parseCharter(signed);
  const pinned = await readCharter(folder);
  if (pinned && canonicalDigest(pinned) === canonicalDigest(next.payload)) return;
  if (pinned) {
    throw new HandrailError('state.conflict', 'Another charter is pinned here: amend that one.');
  }
  if (decidingKeys(next.payload, await signersOf(next)).size === 0) {
    throw new HandrailError('signature.invalid', 'The charter lacks signatures of its deciders.');
  }
  await replacePrivate(charterPath(folder), canonicalBytes(next));
}

/** Keeps the charter that amendments led to. */
export async function keepInForce(folder: string, charter: Charter): Promise<void> {
  await replacePrivate(inForcePath(folder), canonicalBytes(charter));
}

/** Undefined before the first amendment. Throws `storage.broken`. */
export async function readInForce(folder: string): Promise<Charter | undefined> {
  const bytes = await readPrivate(inForcePath(folder));
  if (bytes === undefined) return undefined;
  try {
    return charterSchema.parse(JSON.parse(fromUtf8(bytes)));
  } catch (cause) {
    throw new HandrailError('storage.broken', `${inForcePath(folder)} is damaged.`, { cause });
  }
}

/** The pinned charter, or undefined. Throws `storage.broken`. */
export async function readCharter(folder: string): Promise<Charter | undefined> {
  const bytes = await readPrivate(charterPath(folder));
  if (bytes === undefined) return undefined;
  try {
    return parseCharter(JSON.parse(fromUtf8(bytes))).payload;
  } catch (cause) {
    throw new HandrailError('storage.broken', `${charterPath(folder)} is damaged.`, { cause });
  }
}
