// The vault's view of the ledger: what it says now, and the proof that this vault's own intent
// stands in it. The order in here is the promise: no entry, no key.
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  checkEntry,
  commitment,
  decodeEntry,
  type EntryKind,
  encodeEntry,
  type LedgerEntry,
  type LedgerReader,
  readEntries,
  saltBytes,
} from '@handrail/core/ledger';
import { type ClientContext, call, vaultRoutes } from '@handrail/core/wire';
import { takeTurns } from '../folder/turns.ts';
import type { LedgerState } from '../state/state.ts';
import type { Checkpoints } from './checkpoint.ts';
import {
  type Concern,
  type OpeningFacts,
  type OpeningParts,
  openingEntries,
  type TaggedEntry,
} from './opening-entries.ts';
import type { Statements } from './statements.ts';

/** The server takes no more at once. */
const entriesPerCallMax = 256;

/** What an opening is for, and whose; committed to, never shown, in the ledger. */
export interface Intent extends OpeningFacts {
  /** At least one participant. */
  readonly concerns: readonly Concern[];
}

/** That the keys of all days before these go, and how many they are. */
export interface Expiry {
  readonly kind: 'keys.shredded';
  readonly days: Readonly<Record<'raw' | 'trajectory', string>>;
  readonly count: number;
}

/** Where an entry stands, and the salt that shows what it committed to. */
export interface Recorded {
  readonly index: number;
  readonly salt: string;
}

export interface LedgerAccess {
  /**
   * The state after the newest checkpoint: of any age for checks before anything is asked for,
   * cosigned just now before anything leaves.
   */
  state(freshness?: 'any' | 'fresh'): Promise<LedgerState>;
  /** Of the newest checkpoint, proven; undefined where it has no such leaf. */
  entryAt(index: number): Promise<LedgerEntry | undefined>;
  /** Records the intents; resolves only once they are proven in a fresh checkpoint. */
  announce(
    intents: readonly (Intent | Expiry)[],
  ): Promise<{ state: LedgerState; recorded: Recorded[] }>;
  /** Records what happened. */
  record(kind: EntryKind, payload: object, facts?: OutcomeFacts): Promise<Recorded>;
  /** Records what became of an opening, in the sight of those whom it concerned. */
  conclude(outcome: Intent, facts?: OutcomeFacts): Promise<Recorded>;
}

export type OutcomeFacts = Pick<LedgerEntry, 'count' | 'digest'>;

export interface LedgerParts extends Omit<OpeningParts, 'readingKeyOf'> {
  readonly reader: LedgerReader;
  readonly append: (entries: readonly Uint8Array[]) => Promise<{ readonly firstIndex: number }>;
  readonly checkpoints: Checkpoints;
  readonly statements: Statements;
  readonly nowMs: () => number;
}

export function ledgerAccess(parts: LedgerParts): LedgerAccess {
  const inTurn = takeTurns();
  const { reader, append, checkpoints, statements, numbers } = parts;
  const openings = { ...parts, readingKeyOf: (owner: string) => statements.readingKeyOf(owner) };
  const now = () => `${new Date(parts.nowMs()).toISOString().slice(0, 19)}Z`;
  const entriesOf = async (intent: Intent | Expiry) => {
    if ('days' in intent) return [plainEntry(now(), intent.kind, intent, { count: intent.count })];
    const { concerns, ...facts } = intent;
    return openingEntries(openings, now(), facts, concerns);
  };
  return {
    state: (freshness = 'any') =>
      inTurn(async () => statements.upTo(reader, await checkpoints.next(freshness))),
    entryAt: (index) =>
      inTurn(async () => {
        for await (const { bytes } of readEntries(reader, await checkpoints.next('any'), index)) {
          return decodeEntry(bytes);
        }
        return undefined;
      }),
    announce: (intents) =>
      inTurn(async () => {
        const entries = (await Promise.all(intents.map(entriesOf))).flat();
        const firstIndex = await appendAll(append, entries);
        const checkpoint = await checkpoints.next('fresh');
        for (const [at, { bytes }] of entries.entries()) {
          if (await checkEntry(reader, checkpoint, firstIndex[at] ?? -1, bytes)) continue;
          throw new HandrailError('ledger.unverified', 'The intent is not in the checkpoint.');
        }
        for (const { tagged } of entries) {
          for (const { owner, number } of tagged) numbers.prove(owner, number);
        }
        const state = await statements.upTo(reader, checkpoint);
        const recorded = entries.map(({ salt }, at) => ({ index: firstIndex[at] ?? -1, salt }));
        return { state, recorded };
      }),
    record: async (kind, payload, facts) =>
      recordedFirst(append, [plainEntry(now(), kind, payload, facts)]),
    conclude: async ({ concerns, ...outcome }, facts) =>
      recordedFirst(append, await openingEntries(openings, now(), outcome, concerns, facts)),
  };
}

/** An entry about nobody's recordings. */
function plainEntry(
  at: string,
  kind: EntryKind,
  payload: object,
  facts: OutcomeFacts = {},
): TaggedEntry {
  const salt = new Uint8Array(nodeRandomBytes(saltBytes));
  const committed = commitment(salt, canonicalBytes({ v: 1, ...payload }));
  const bytes = encodeEntry({ v: 1, kind, at, commitment: committed, ...facts });
  return { bytes, salt: toBase64url(salt), tagged: [] };
}

/** Where each entry stands, in order. */
async function appendAll(
  append: LedgerParts['append'],
  entries: readonly TaggedEntry[],
): Promise<number[]> {
  const indexes: number[] = [];
  for (let from = 0; from < entries.length; from += entriesPerCallMax) {
    const some = entries.slice(from, from + entriesPerCallMax);
    const { firstIndex } = await append(some.map(({ bytes }) => bytes));
    indexes.push(...some.map((_entry, at) => firstIndex + at));
  }
  return indexes;
}

async function recordedFirst(
  append: LedgerParts['append'],
  entries: readonly TaggedEntry[],
): Promise<Recorded> {
  const [index = -1] = await appendAll(append, entries);
  return { index, salt: entries[0]?.salt ?? '' };
}

export function serverAppend(client: ClientContext): LedgerParts['append'] {
  return (entries) =>
    call(client, vaultRoutes.append, {
      body: { entries: entries.map((bytes) => fromUtf8(bytes)) },
    });
}
