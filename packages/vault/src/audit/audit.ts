// What an auditor finds behind the entries of a ledger that verifies: by the keeper's own rules,
// whether each statement was signed by those who may make it; and whether each decision on record
// is the one that its policies make of its facts.
import { decodeEntry, type LedgerEntry } from '@handrail/core/ledger';
import type { Charter } from '@handrail/core/statement';
import type { Policies } from '@handrail/policy/bundle';
import { auditBatch, type DecisionCounts, noDecisions } from './decisions.ts';
import type { Finding, Given } from './finding.ts';
import { StatementAudit } from './statements.ts';

export interface AuditReport {
  readonly statements: number;
  readonly decisions: DecisionCounts;
  readonly findings: readonly Finding[];
}

export interface AuditQuestion {
  /** Verified and in order, from the first. */
  readonly entries: AsyncIterable<{ readonly index: number; readonly bytes: Uint8Array }>;
  /** By the index of the entry. */
  readonly given: ReadonlyMap<number, Given>;
  /** In force, as the auditor knows it. */
  readonly charter: Charter;
  readonly policies: Policies;
  readonly nowMs: number;
}

export async function auditLedger(question: AuditQuestion): Promise<AuditReport> {
  const { entries, given, policies, nowMs } = question;
  const statements = new StatementAudit(policies.version);
  const findings: Finding[] = [];
  let counts = noDecisions;
  for await (const { index, bytes } of entries) {
    const entry = readable(bytes);
    if (entry === undefined) continue;
    findings.push(...(await statements.take(index, entry, given.get(index))));
    if (entry.kind !== 'decisions.recorded') continue;
    const { inForce } = statements;
    const batch = auditBatch({ index, entry, given: given.get(index), policies, inForce, nowMs });
    findings.push(...batch.findings);
    counts = batch.addedTo(counts);
  }
  findings.push(...statements.endsIn(question.charter));
  return { statements: statements.count, decisions: counts, findings };
}

/** Entries that are none are told by whoever verifies the ledger. */
function readable(bytes: Uint8Array): LedgerEntry | undefined {
  try {
    return decodeEntry(bytes);
  } catch {
    return undefined;
  }
}
