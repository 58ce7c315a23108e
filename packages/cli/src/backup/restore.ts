// Puts a backup in place. Ledger, statements and journal are the newest that there are, so that the
// server replays over the old database what happened since, before it serves anybody. The key root
// is not touched, and what the vault must not forget only grows.
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { charterSchema } from '@handrail/core/statement';
import { raised, readFloors, writeFloors } from '@handrail/vault/keeper/ledger/epoch-floors';
import { copyTree, filesIn } from './copy-tree.ts';
import { newestJournal, newestLedger } from './newest-record.ts';
import {
  content,
  databaseOf,
  journalOf,
  ledgerOf,
  objectsOf,
  type Places,
  placesIn,
  statementsOf,
  vaultState,
} from './places.ts';
import { checkSums } from './sums.ts';

export interface Restored {
  /** Entries of the ledger that is in place now. */
  readonly ledgerSize: number;
  /** Whether the vault here has its root: without it nothing of the old opens. */
  readonly hasRoot: boolean;
}

/** While this stands, nothing may start from the folder. */
export const unfinishedMark = 'restore-unfinished';

/** May be done again when it was cut off. `mark` is the path that says so meanwhile. */
export async function restore(
  places: Places,
  backup: string,
  record: string | undefined,
  mark: string,
): Promise<Restored> {
  for (const folder of record === undefined ? [backup] : [backup, record]) await checkSums(folder);
  const from = placesIn(backup);
  const others = record === undefined ? [from] : [from, placesIn(record)];
  const copies = [places, ...others];
  const ledger = await newestLedger(copies, await logOf(from), places.vault);
  const journal = await newestJournal(copies);
  await writeFileDurably(mark, '');
  for (const copy of others) await copyMissing(statementsOf(copy), statementsOf(places));
  await copyMissing(objectsOf(from), objectsOf(places));
  await putInPlace(ledgerOf(ledger.copy), ledgerOf(places));
  if (journal !== undefined) await putInPlace(journalOf(journal), journalOf(places));
  await putInPlace(databaseOf(from), databaseOf(places));
  await copyMissing(from.programme, places.programme);
  await growVault(from.vault, places.vault);
  await rm(mark, { force: true });
  const hasRoot = (await readFileIfAny(join(places.vault, 'key-root.json'))) !== undefined;
  return { ledgerSize: ledger.size, hasRoot };
}

/** Whole or not at all: copied beside, then renamed. */
async function putInPlace(from: string, to: string): Promise<void> {
  if (from === to) return;
  const aside = `${to}.restoring`;
  await rm(aside, { recursive: true, force: true });
  await copyTree(from, aside, content);
  await rm(to, { recursive: true, force: true });
  await rename(aside, to);
}

async function copyMissing(from: string, to: string): Promise<void> {
  const there = new Set(await filesIn(to));
  await copyTree(from, to, (path) => content(path) && !there.has(path));
}

/** Floors only rise, and what the vault here knows already is newer than any copy of it. */
async function growVault(from: string, to: string): Promise<void> {
  const floors = raised(await readFloors(from), await readFloors(to));
  const there = new Set(await filesIn(to));
  await copyTree(from, to, (path) => vaultState(path) && !there.has(path));
  await writeFloors(to, floors);
}

async function logOf({ programme }: Places): Promise<string> {
  const bytes = await readFileIfAny(join(programme, 'charter.json'));
  const parsed = charterSchema.safeParse(bytes && JSON.parse(fromUtf8(bytes)).payload);
  if (parsed.success) return parsed.data.logVerifier;
  throw new HandrailError('storage.broken', 'The backup has no charter.');
}
