// How agents, the vault and auditors follow a ledger: nothing is believed that does not continue
// what was seen before.
import { equalBytes } from '../bytes/index.ts';
import {
  type Checkpoint,
  type CheckpointRefusal,
  type Cosignature,
  type CosignedWithin,
  verifyCheckpoint,
} from './checkpoint.ts';
import { leafHash } from './hash.ts';
import type { VerifierKey } from './note-key.ts';
import { type Proof, verifyConsistency, verifyInclusion } from './proof.ts';
import { proveConsistency, proveInclusion } from './prove.ts';
import { type LedgerReader, tileHashReader } from './tile-reader.ts';

export const checkpointPath = 'checkpoint';

/** Whom a client believes. `within` bounds the age of the cosignatures that count. */
export interface LedgerTrust {
  readonly log: VerifierKey;
  readonly witnesses: readonly VerifierKey[];
  readonly quorum: number;
  readonly within?: CosignedWithin;
}

export type AdvanceRefusal = 'wrong-origin' | 'rollback' | 'fork' | 'inconsistent';

export type Advance =
  | { readonly kind: 'advanced'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'refused'; readonly reason: AdvanceRefusal };

export type Following =
  | {
      readonly kind: 'advanced';
      readonly checkpoint: Checkpoint;
      readonly cosignatures: readonly Cosignature[];
      /** The signed note, to keep. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'refused';
      readonly reason: AdvanceRefusal | CheckpointRefusal | 'no-checkpoint';
    };

/**
 * Whether the verified checkpoint `next` continues `last`; `proof` is the consistency proof from
 * `last.size` to `next.size`. Without a `last`, the first checkpoint is taken on trust.
 */
export function advance(last: Checkpoint | undefined, next: Checkpoint, proof: Proof): Advance {
  if (last === undefined) return { kind: 'advanced', checkpoint: next };
  if (last.origin !== next.origin) return { kind: 'refused', reason: 'wrong-origin' };
  if (next.size < last.size) return { kind: 'refused', reason: 'rollback' };
  if (next.size === last.size && !equalBytes(next.root, last.root)) {
    return { kind: 'refused', reason: 'fork' };
  }
  if (!verifyConsistency(last, next, proof)) return { kind: 'refused', reason: 'inconsistent' };
  return { kind: 'advanced', checkpoint: next };
}

/** Reads the newest checkpoint and demands that it continues `last`. */
export async function follow(
  reader: LedgerReader,
  last: Checkpoint | undefined,
  trust: LedgerTrust,
): Promise<Following> {
  const bytes = await reader.readTile(checkpointPath);
  if (bytes === undefined) return { kind: 'refused', reason: 'no-checkpoint' };
  const { log, witnesses, quorum, within } = trust;
  const verdict = await verifyCheckpoint(bytes, log, witnesses, quorum, within);
  if (verdict.kind === 'refused') return verdict;
  const { checkpoint, cosignatures } = verdict;
  const proof = await consistencyFrom(reader, last, checkpoint);
  const step = advance(last, checkpoint, proof);
  return step.kind === 'refused' ? step : { ...step, cosignatures, bytes };
}

async function consistencyFrom(
  reader: LedgerReader,
  last: Checkpoint | undefined,
  next: Checkpoint,
): Promise<Proof> {
  if (last === undefined || last.size >= next.size) return [];
  return proveConsistency(tileHashReader(reader, next.size), last.size, next.size);
}

/** Whether entry `index` of the verified `checkpoint` is `entry`, proven from the tiles. */
export async function checkEntry(
  reader: LedgerReader,
  checkpoint: Checkpoint,
  index: number,
  entry: Uint8Array,
): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= checkpoint.size) return false;
  const hashes = tileHashReader(reader, checkpoint.size);
  const proof = await proveInclusion(hashes, index, checkpoint.size);
  return verifyInclusion(leafHash(entry), index, checkpoint, proof);
}
