// Proofs that entries stand in the ledger, for somebody who has only the file that holds them.
import { toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import {
  checkpointPath,
  type LedgerReader,
  proveInclusion,
  tileHashReader,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import type { Charter } from '@handrail/core/statement';
import { policyOf } from '@handrail/core/wire';

export interface EntryProof {
  readonly index: number;
  /** base64url, from the leaf up. */
  readonly hashes: readonly string[];
}

export interface LedgerProofs {
  /** The signed note that the proofs lead to, as text. */
  readonly checkpoint: string;
  readonly proofs: readonly EntryProof[];
}

/** Throws `ledger.unverified` where the checkpoint is not the charter's. */
export async function proofsOf(
  reader: LedgerReader,
  charter: Charter,
  indexes: readonly number[],
): Promise<LedgerProofs> {
  const { log, witnesses, quorum } = policyOf(charter);
  const bytes = await reader.readTile(checkpointPath);
  const verdict = bytes && (await verifyCheckpoint(bytes, log, witnesses, quorum));
  if (bytes === undefined || verdict?.kind !== 'verified') {
    throw new HandrailError('ledger.unverified', 'The ledger does not verify.');
  }
  const { size } = verdict.checkpoint;
  const hashes = tileHashReader(reader, size);
  const proofs: EntryProof[] = [];
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const proof = await proveInclusion(hashes, index, size);
    proofs.push({ index, hashes: proof.map(toBase64url) });
  }
  return { checkpoint: Buffer.from(bytes).toString('utf8'), proofs };
}
