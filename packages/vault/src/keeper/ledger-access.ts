// The vault's view of the ledger: what it says now, and the proof that this vault's own intent
// stands in it. The order in here is the promise: no entry, no key.
import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  checkEntry,
  commitment,
  type EntryKind,
  encodeEntry,
  type LedgerEntry,
  type LedgerReader,
  saltBytes,
} from '@handrail/core/ledger';
import { type ClientContext, call, publicRoutes, vaultRoutes } from '@handrail/core/wire';
import type { Checkpoints } from './checkpoint.ts';
import type { LedgerState } from './state/state.ts';
import type { Statements } from './statements.ts';
import { takeTurns } from './turns.ts';

/** What an opening is for; committed to, never shown, in the ledger. */
export interface Intent {
  readonly kind: EntryKind;
  readonly job: string;
  readonly purpose: string;
  readonly tier: string;
  /** Segments, trajectories or the release that will be opened. */
  readonly ids: readonly string[];
  readonly grant?: string;
  readonly pseudonym?: string;
  readonly consentEpoch?: number;
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
  /** Records the intents; resolves only once they are proven in a fresh checkpoint. */
  announce(
    intents: readonly (Intent | Expiry)[],
  ): Promise<{ state: LedgerState; recorded: Recorded[] }>;
  /** Records what happened. */
  record(kind: EntryKind, payload: object, facts?: OutcomeFacts): Promise<Recorded>;
}

export type OutcomeFacts = Pick<LedgerEntry, 'count' | 'digest'>;

export interface LedgerParts {
  readonly reader: LedgerReader;
  readonly append: (entries: readonly Uint8Array[]) => Promise<{ readonly firstIndex: number }>;
  readonly checkpoints: Checkpoints;
  readonly statements: Statements;
  readonly nowMs: () => number;
}

export function ledgerAccess(parts: LedgerParts): LedgerAccess {
  const inTurn = takeTurns();
  const { reader, append, checkpoints, statements } = parts;
  const entryOf = (kind: EntryKind, payload: object, facts: OutcomeFacts = {}) => {
    const salt = new Uint8Array(nodeRandomBytes(saltBytes));
    const at = `${new Date(parts.nowMs()).toISOString().slice(0, 19)}Z`;
    const committed = commitment(salt, canonicalBytes(payload));
    const bytes = encodeEntry({ v: 1, kind, at, commitment: committed, ...facts });
    return { bytes, salt: toBase64url(salt) };
  };
  return {
    state: (freshness = 'any') =>
      inTurn(async () => statements.upTo(reader, await checkpoints.next(freshness))),
    announce: (intents) =>
      inTurn(async () => {
        const entries = intents.map((intent) => {
          const facts = 'count' in intent ? { count: intent.count } : {};
          return entryOf(intent.kind, { v: 1, ...intent }, facts);
        });
        const { firstIndex } = await append(entries.map(({ bytes }) => bytes));
        const checkpoint = await checkpoints.next('fresh');
        for (const [at, { bytes }] of entries.entries()) {
          if (await checkEntry(reader, checkpoint, firstIndex + at, bytes)) continue;
          throw new HandrailError('ledger.unverified', 'The intent is not in the checkpoint.');
        }
        const state = await statements.upTo(reader, checkpoint);
        const recorded = entries.map(({ salt }, at) => ({ index: firstIndex + at, salt }));
        return { state, recorded };
      }),
    record: async (kind, payload, facts) => {
      const { bytes, salt } = entryOf(kind, payload, facts);
      const { firstIndex } = await append([bytes]);
      return { index: firstIndex, salt };
    },
  };
}

/** Reads the ledger's files through the server. */
export function serverLedgerReader(client: ClientContext): LedgerReader {
  return {
    readTile: async (path) => {
      try {
        return await call(client, publicRoutes.ledger, { params: { '*': path } });
      } catch (error) {
        if (error instanceof HandrailError && error.code === 'not.found') return undefined;
        throw error;
      }
    },
  };
}

export function serverAppend(client: ClientContext): LedgerParts['append'] {
  return (entries) =>
    call(client, vaultRoutes.append, {
      body: { entries: entries.map((bytes) => fromUtf8(bytes)) },
    });
}
