// Which copy of the ledger and of the journal is the newest, and whether it is new enough: copies
// of one ledger continue each other, and none that the vault has seen more of is of any use.
import { join } from 'node:path';
import { readFileIfAny } from '@handrail/agent/home/files';
import { HandrailError } from '@handrail/core/errors';
import {
  type Checkpoint,
  checkpointPath,
  follow,
  type LedgerTrust,
  parseCheckpoint,
  parseNote,
  parseVerifierLine,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { lastSequenceIn } from '@handrail/server/storage/journal';
import { folderReader } from '../home/ledger.ts';
import { journalOf, ledgerOf, type Places } from './places.ts';

type Copy = Pick<Places, 'server'>;

export interface NewestLedger {
  readonly copy: Copy;
  readonly size: number;
}

/**
 * Throws `ledger.unverified` where no copy continues what `vault` has seen, or two copies are no
 * copies of one ledger.
 */
export async function newestLedger(
  copies: readonly Copy[],
  logVerifier: string,
  vault: string,
): Promise<NewestLedger> {
  const trust = { log: parseVerifierLine(logVerifier), witnesses: [], quorum: 0 };
  const heads: { copy: Copy; checkpoint: Checkpoint }[] = [];
  for (const copy of copies) {
    const checkpoint = await headOf(copy, trust);
    if (checkpoint !== undefined) heads.push({ copy, checkpoint });
  }
  heads.sort((a, b) => b.checkpoint.size - a.checkpoint.size);
  const [newest, ...older] = heads;
  if (newest === undefined) {
    throw new HandrailError('ledger.unverified', 'No copy has a ledger that this log signed.');
  }
  for (const { checkpoint } of older) await requireContinued(newest.copy, checkpoint, trust);
  const seen = await seenBy(vault);
  if (seen !== undefined) await requireContinued(newest.copy, seen, trust);
  return { copy: newest.copy, size: newest.checkpoint.size };
}

/** The copy whose journal goes furthest; undefined where none has one. */
export async function newestJournal(copies: readonly Copy[]): Promise<Copy | undefined> {
  let newest: { copy: Copy; sequence: number } | undefined;
  for (const copy of copies) {
    const bytes = await readFileIfAny(join(journalOf(copy), 'records'));
    if (bytes === undefined) continue;
    const sequence = lastSequenceIn(bytes);
    if (newest === undefined || sequence > newest.sequence) newest = { copy, sequence };
  }
  return newest?.copy;
}

async function headOf(copy: Copy, { log }: LedgerTrust): Promise<Checkpoint | undefined> {
  const bytes = await folderReader(ledgerOf(copy)).readTile(checkpointPath);
  const verdict = bytes && (await verifyCheckpoint(bytes, log, [], 0));
  return verdict?.kind === 'verified' ? verdict.checkpoint : undefined;
}

async function requireContinued(copy: Copy, seen: Checkpoint, trust: LedgerTrust): Promise<void> {
  const step = await follow(folderReader(ledgerOf(copy)), seen, trust);
  if (step.kind === 'advanced') return;
  if (step.reason === 'rollback') {
    throw new HandrailError(
      'ledger.unverified',
      `The vault has seen a ledger of ${seen.size} entries, and no copy here goes as far: with ` +
        'an older one nothing opens. Give a newer copy with --record.',
    );
  }
  throw new HandrailError('ledger.unverified', 'Two copies are not of one and the same ledger.');
}

async function seenBy(vault: string): Promise<Checkpoint | undefined> {
  const bytes = await readFileIfAny(join(vault, 'checkpoint'));
  const note = bytes && parseNote(new Uint8Array(bytes));
  return note && parseCheckpoint(note.text);
}
