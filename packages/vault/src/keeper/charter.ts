// The pinned charter. It was signed by its own deciders, and only the quorum of the pinned one
// replaces it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromUtf8 } from '@handrail/core/bytes';
import { canonicalBytes, canonicalDigest } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Charter,
  charterSchema,
  hasQuorum,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { readPrivate, replacePrivate } from './private-file.ts';

export type SignedCharter = Signed<Charter>;

const signedCharterSchema = signedSchema(charterSchema);
const charterPath = (folder: string) => join(folder, 'charter.json');

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
 * Pins `signed`, or replaces the pinned charter by its next number. Throws `signature.invalid`
 * without the quorum (of itself at first, of the pinned one later), `state.conflict` out of order.
 */
export async function pinCharter(folder: string, signed: SignedCharter): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const next = parseCharter(signed);
  const pinned = await readCharter(folder);
  if (pinned && canonicalDigest(pinned) === canonicalDigest(next.payload)) return;
  if (pinned && !follows(pinned, next.payload)) {
    throw new HandrailError('state.conflict', 'Another charter is pinned here.');
  }
  const judge = pinned ?? next.payload;
  const keys = decidingKeys(judge, await signersOf(next));
  const quorum = pinned ? Math.max(pinned.quorums.grant, pinned.quorums.manifest) : 1;
  if (!hasQuorum(judge, keys, quorum)) {
    throw new HandrailError('signature.invalid', 'The charter lacks signatures of its deciders.');
  }
  await replacePrivate(charterPath(folder), canonicalBytes(next));
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

function follows(pinned: Charter, next: Charter): boolean {
  return next.programme === pinned.programme && next.number === pinned.number + 1;
}
