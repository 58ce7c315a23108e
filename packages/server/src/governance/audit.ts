// What ledger entries commit to, for the charter's auditors: statements, and decisions while their
// rows are kept. Names of people are in neither.
import {
  decodeEntry,
  type LedgerEntry,
  readEntries,
  tileHashReader,
  treeRoot,
} from '@handrail/core/ledger';
import type { Person } from '@handrail/core/statement';
import type { AuditedEntry } from '@handrail/core/wire';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from './access.ts';
import { batchBehind } from './decision-book.ts';

const entriesLookedAtMax = 1_024;
const entriesShownMax = 32;

/** From entry `place` on. Throws `not.found` for who is no auditor, and past the end. */
export async function auditFrom(
  context: ServerContext,
  place: string,
  caller: Person,
): Promise<{ entries: AuditedEntry[]; next: number }> {
  const { programme } = context.charter.payload;
  const { ledger } = context;
  const { size } = ledger;
  const from = /^\d{1,9}$/.test(place) ? Number(place) : size;
  const may = allows(context, personAsking(caller), { action: 'ledger.audit', programme });
  if (!may || from >= size) throw notFound();
  const root = await treeRoot(tileHashReader(ledger.files, size), size);
  const entries: AuditedEntry[] = [];
  let next = from;
  for await (const { index, bytes } of readEntries(ledger.files, { size, root }, from)) {
    const shown = await behind(context, index, decodeEntry(bytes));
    if (shown !== undefined) entries.push(shown);
    next = index + 1;
    if (entries.length >= entriesShownMax || next - from >= entriesLookedAtMax) break;
  }
  return { entries, next };
}

async function behind(
  context: ServerContext,
  index: number,
  entry: LedgerEntry,
): Promise<AuditedEntry | undefined> {
  if (entry.kind === 'statement.accepted') {
    const kept = await context.statements.behind(index);
    return kept && { index, salt: kept.salt, payload: kept.statement };
  }
  if (entry.kind !== 'decisions.recorded') return undefined;
  const kept = await batchBehind(context, entry);
  return kept && { index, salt: kept.salt, payload: kept.batch };
}
