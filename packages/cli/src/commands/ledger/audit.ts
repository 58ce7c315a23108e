// `ledger audit`: for auditors of the charter. The ledger is verified first; then every statement
// must be signed by those who may make it, and every decision that is kept is decided again.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { follow, readEntries } from '@handrail/core/ledger';
import { type AuditedEntry, auditedEntrySchema, auditRoutes, call } from '@handrail/core/wire';
import { type AuditReport, auditLedger } from '@handrail/vault/audit/audit';
import type { Finding } from '@handrail/vault/audit/finding';
import { openPolicies } from '@handrail/vault/keeper/ledger/policies';
import { z } from 'zod';
import { type Desk, openDesk } from '../../home/desk.ts';
import { readInputFile } from '../../home/input-file.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
import type { Session } from '../../session.ts';
import type { AuditOptions } from './command.ts';
import { ledgerSource } from './source.ts';
import { examine } from './verify.ts';

const givenBytesMax = 1024 * 1024 * 1024;
const givenSchema = z.strictObject({ v: z.literal(1), entries: z.array(auditedEntrySchema) });

export async function run({ home, out }: Session, options: AuditOptions): Promise<number> {
  const desk = await openDesk(home, options.url);
  const entries = await out.during('Asking what entries commit to', givenTo(desk, options.given));
  if (options.keep !== undefined) {
    await writeOwnerFile(options.keep, JSON.stringify({ v: 1, entries }));
  }
  const report = await out.during('Auditing the ledger', audited(desk, home, options, entries));
  const ok = report.findings.length === 0;
  out.print({ ok, ...report }, linesOf(report));
  return ok ? 0 : 1;
}

async function givenTo({ client }: Desk, file?: string): Promise<readonly AuditedEntry[]> {
  if (file !== undefined) return keptIn(file);
  const entries: AuditedEntry[] = [];
  for (let from = 0; ; ) {
    const page = await pageFrom(client, from);
    if (page === undefined) return entries;
    entries.push(...page.entries);
    from = page.next;
  }
}

/** Undefined past the end of the ledger. */
async function pageFrom(client: Desk['client'], from: number) {
  try {
    return await call(client, auditRoutes.entries, { params: { index: String(from) } });
  } catch (error) {
    if (from > 0 && error instanceof HandrailError && error.code === 'not.found') return undefined;
    throw error;
  }
}

async function keptIn(file: string): Promise<readonly AuditedEntry[]> {
  try {
    return givenSchema.parse(JSON.parse(fromUtf8(await readInputFile(file, givenBytesMax))))
      .entries;
  } catch (cause) {
    if (cause instanceof HandrailError) throw cause;
    throw new HandrailError('usage.invalid', `${file} is not what --keep writes.`, { cause });
  }
}

async function audited(
  { charter }: Desk,
  home: string,
  { url }: AuditOptions,
  shown: readonly AuditedEntry[],
): Promise<AuditReport> {
  const source = await ledgerSource(home, url);
  const { problems } = await examine(source, undefined);
  const step = await follow(source.reader, undefined, source.keys);
  if (problems.length > 0 || step.kind === 'refused') {
    throw new HandrailError('ledger.unverified', 'Run "ledger verify" first: it does not verify.');
  }
  const entries = readEntries(source.reader, step.checkpoint);
  const given = new Map(shown.map((one) => [one.index, one]));
  const policies = await openPolicies();
  return auditLedger({ entries, given, charter, policies, nowMs: Date.now() });
}

const words: Readonly<Record<Finding['kind'], string>> = {
  withheld: 'what it commits to is withheld',
  'not-committed-to': 'what is given is not what it commits to',
  unreadable: 'what it commits to has an unknown form',
  'not-signed-by-those-who-may': 'those who signed it may not make it',
  'another-charter': 'the statements do not lead to the charter that this home knows',
  'decided-otherwise': 'the same policies over the same facts decide otherwise',
  'policies-not-in-force': 'decided by policies that nobody had decided on',
};

function linesOf({ statements, decisions, findings }: AuditReport): readonly string[] {
  const { same, byOthers, missed, past } = decisions;
  return [
    `${statements} statements; ${same} decisions decided again, with the same answer.`,
    ...(byOthers > 0
      ? [`${byOthers} were made by other policies: use the version with these.`]
      : []),
    ...(missed > 0
      ? [`${missed} found no room on record: they were refused, or stopped things.`]
      : []),
    ...(past > 0 ? [`${past} batches of decisions are past their days, and deleted.`] : []),
    ...findings.map(({ kind, index, what }) => {
      return `Entry ${index}${what === undefined ? '' : ` (${what})`}: ${words[kind]}.`;
    }),
  ];
}
