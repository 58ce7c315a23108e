// Makes the entries of an opening, and tells each participant concerned what they commit to. That
// is stored before the entry is asked for, so an entry that nobody was told of is a withheld one.
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { fromBase64url, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  commitment,
  type EntryKind,
  encodeEntry,
  entryTagsMax,
  type LedgerEntry,
  saltBytes,
  tagBytes,
} from '@handrail/core/ledger';
import {
  type OpenedBy,
  type OpeningPart,
  openingBoxName,
  openingTag,
  partsTree,
  sealTelling,
  telling,
} from '@handrail/core/opening';
import type { VaultIdentity } from '../../secrets.ts';
import type { ByPolicy } from '../checks/policy.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import type { TagNumbers } from './tag-numbers.ts';

/** Tags of several participants are filled up with random ones to a multiple of this. */
const tagStep = 16;
const boxesAtOnce = 16;

/** What is opened of one participant. */
export interface Concern extends ParticipantEpoch {
  /** Segments, trajectories or the release. */
  readonly ids: readonly string[];
}

/** What every participant concerned is told; whatever else is in it they are told as well. */
export interface OpeningFacts {
  readonly kind: EntryKind;
  readonly job: string;
  readonly purpose: string;
  readonly tier: string;
  readonly by: OpenedBy;
  readonly grant?: string;
  readonly release?: string;
  /** In outcomes: by which policies, and what went out. */
  readonly decision?: ByPolicy['decision'];
  readonly format?: string;
}

export interface TaggedEntry {
  readonly bytes: Uint8Array;
  readonly salt: string;
  /** Whom its tags concern, with their numbers. */
  readonly tagged: readonly { readonly owner: ParticipantEpoch; readonly number: number }[];
}

export interface OpeningParts {
  readonly programme: string;
  readonly identity: VaultIdentity;
  readonly numbers: TagNumbers;
  /** X25519, base64url, as the ledger gives it; undefined for whom it does not know. */
  readonly readingKeyOf: (pseudonym: string) => string | undefined;
  /** Durable when it returns. */
  readonly putObject: (name: string, bytes: Uint8Array) => Promise<unknown>;
}

/** 32 bytes that only the vault and the participant's device know. */
export function tagKeyOf(
  identity: VaultIdentity,
  programme: string,
  { pseudonym, consentEpoch }: ParticipantEpoch,
): Uint8Array {
  return identity.derive('tag-key', `${programme}\n${pseudonym}\n${consentEpoch}`);
}

/**
 * As many entries as the tags need, one at least; everyone concerned has been told when it returns.
 * Throws `internal` when an opening is said to concern nobody.
 */
export async function openingEntries(
  parts: OpeningParts,
  at: string,
  facts: OpeningFacts,
  concerns: readonly Concern[],
  told: Pick<LedgerEntry, 'count' | 'digest'> = {},
): Promise<readonly TaggedEntry[]> {
  if (concerns.length === 0) throw new HandrailError('internal', 'An opening concerns somebody.');
  const numbers = await parts.numbers.take(concerns);
  const tagged = concerns.map((concern, index) => {
    const number = numbers[index] ?? 0;
    const key = tagKeyOf(parts.identity, parts.programme, concern);
    return { concern, number, tag: openingTag(key, number) };
  });
  // By tag, so that an entry's order says nothing.
  tagged.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const entries: TaggedEntry[] = [];
  for (let from = 0; from < tagged.length; from += entryTagsMax) {
    const some = tagged.slice(from, from + entryTagsMax);
    entries.push(await oneEntry(parts, at, facts, some, from === 0 ? told : {}));
  }
  return entries;
}

interface Tagged {
  readonly concern: Concern;
  readonly number: number;
  readonly tag: string;
}

async function oneEntry(
  parts: OpeningParts,
  at: string,
  facts: OpeningFacts,
  tagged: readonly Tagged[],
  told: Pick<LedgerEntry, 'count' | 'digest'>,
): Promise<TaggedEntry> {
  const salted = tagged.map(({ concern }) => ({ salt: fresh(saltBytes), part: partOf(concern) }));
  const tree = await partsTree(salted);
  const opening = { v: 1 as const, ...facts, parts: tree.parts };
  const salt = fresh(saltBytes);
  const committed = commitment(salt, canonicalBytes(opening));
  const tell = async ({ concern, tag }: Tagged, index: number) => {
    const readingKey = parts.readingKeyOf(concern.pseudonym);
    const [own, proof] = [salted[index], tree.proofs[index]];
    if (readingKey === undefined || own === undefined || proof === undefined) {
      throw new HandrailError('keys.unknown', 'A participant concerned cannot be told.');
    }
    const what = telling(salt, opening, own, proof);
    const box = await sealTelling(what, tag, fromBase64url(readingKey));
    await parts.putObject(`openings/${concern.pseudonym}/${openingBoxName(tag, committed)}`, box);
  };
  for (let from = 0; from < tagged.length; from += boxesAtOnce) {
    const some = tagged.slice(from, from + boxesAtOnce);
    await Promise.all(some.map((one, at) => tell(one, from + at)));
  }
  const tags = filledUp(tagged.map(({ tag }) => tag));
  const entry = { v: 1 as const, kind: facts.kind, at, commitment: committed, tags, ...told };
  return {
    bytes: encodeEntry(entry),
    salt: toBase64url(salt),
    tagged: tagged.map(({ concern, number }) => ({ owner: concern, number })),
  };
}

function partOf({ pseudonym, consentEpoch, ids }: Concern): OpeningPart {
  return { v: 1, pseudonym, consentEpoch, ids: [...ids] };
}

/** How many participants a release is made of is not to be read off its entries. */
function filledUp(tags: readonly string[]): string[] {
  const width = tags.length === 1 ? 1 : Math.ceil(tags.length / tagStep) * tagStep;
  const filling = Array.from({ length: width - tags.length }, () => toBase64url(fresh(tagBytes)));
  return [...tags, ...filling].sort();
}

function fresh(length: number): Uint8Array {
  return new Uint8Array(nodeRandomBytes(length));
}
