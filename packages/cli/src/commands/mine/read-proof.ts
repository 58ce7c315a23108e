// `mine reads --proof`: one opening with all that is needed to check it later, on any machine.

import type { OpeningBook } from '@handrail/agent/ledger/opening-book';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  formatProofFile,
  type LedgerReader,
  proveInclusion,
  tileHashReader,
} from '@handrail/core/ledger';
import { writeOwnerFile } from '../../home/owner-file.ts';

export interface LookedAt {
  readonly book: OpeningBook;
  readonly reader: LedgerReader;
  readonly checkpoint: Checkpoint;
  readonly checkpointBytes: Uint8Array;
}

/** Of entry `leaf`, or of the newest. Throws `not.found` for one that is not yours. */
export async function saveProof(
  { book, reader, checkpoint, checkpointBytes }: LookedAt,
  path: string,
  leaf: number | undefined,
): Promise<{ readonly leaf: number; readonly file: string }> {
  const told = book.found.filter((one) => one.told.kind === 'told');
  const found = leaf === undefined ? told.at(-1) : told.find(({ index }) => index === leaf);
  if (found?.told.kind !== 'told') {
    throw new HandrailError('not.found', 'There is no such opening of yours to prove.');
  }
  const {
    index,
    entry,
    told: { telling },
  } = found;
  const proof = await proveInclusion(
    tileHashReader(reader, checkpoint.size),
    index,
    checkpoint.size,
  );
  const extra = canonicalBytes({ v: 1, entry, telling });
  const text = formatProofFile({ index, proof, checkpoint: checkpointBytes, extra });
  return { leaf: index, file: await writeOwnerFile(path, text) };
}
