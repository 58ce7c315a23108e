// One batch of decisions: whether it is what its entry commits to, and whether each of its rows is
// decided again as it was. Rows past their days are gone, as they should be.
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { commitment, type LedgerEntry, saltBytes } from '@handrail/core/ledger';
import type { Policies } from '@handrail/policy/bundle';
import {
  type DecisionBatch,
  type DecisionRow,
  decisionDaysKept,
  replay,
} from '@handrail/policy/record';
import { z } from 'zod';
import type { Finding, Given } from './finding.ts';

const dayMs = 86_400_000;

export interface DecisionCounts {
  /** Decided again, with the same answer. */
  readonly same: number;
  /** By policies that stood in the ledger then, and that this program does not carry. */
  readonly byOthers: number;
  /** Refused, or stopped, without a row. */
  readonly missed: number;
  /** Batches whose rows are deleted. */
  readonly past: number;
}

export const noDecisions: DecisionCounts = { same: 0, byOthers: 0, missed: 0, past: 0 };

const batchSchema = z.strictObject({
  v: z.literal(1),
  decisions: z.array(
    z.strictObject({
      /** Policies decide on whatever it is; a fact that is missing or of another type is a no. */
      question: z.looseObject({ action: z.string() }),
      decision: z.strictObject({
        kind: z.enum(['allow', 'deny']),
        policies: z.array(z.string()),
        version: z.string(),
      }),
    }),
  ),
  missed: z.int().min(0),
});

interface BatchQuestion {
  readonly index: number;
  readonly entry: LedgerEntry;
  readonly given: Given | undefined;
  readonly policies: Policies;
  /** Digests of policies that were decided on before. */
  readonly inForce: readonly string[];
  readonly nowMs: number;
}

interface AuditedBatch {
  readonly findings: readonly Finding[];
  addedTo(counts: DecisionCounts): DecisionCounts;
}

export function auditBatch(question: BatchQuestion): AuditedBatch {
  const { index, entry, given, nowMs } = question;
  if (given === undefined) {
    const isPast = Date.parse(entry.at) < nowMs - decisionDaysKept * dayMs;
    return isPast ? counted({ past: 1 }) : found([{ kind: 'withheld', index }]);
  }
  if (!isCommitted(entry, given)) return found([{ kind: 'not-committed-to', index }]);
  const parsed = batchSchema.safeParse(given.payload);
  if (!parsed.success) return found([{ kind: 'unreadable', index }]);
  return auditRows(question, parsed.data as unknown as DecisionBatch);
}

function auditRows(question: BatchQuestion, { decisions, missed }: DecisionBatch): AuditedBatch {
  const findings = decisions.flatMap((row) => whatIsWrong(question, row));
  const again = decisions.map((row) => replay(question.policies, row));
  const same = again.filter((answer) => answer === 'same').length;
  const byOthers = again.filter((answer) => answer === 'other-policies').length;
  return counted({ same, byOthers, missed }, findings);
}

function whatIsWrong({ index, policies, inForce }: BatchQuestion, row: DecisionRow): Finding[] {
  const what = row.question.action;
  if (!inForce.includes(row.decision.version)) {
    return [{ kind: 'policies-not-in-force', index, what }];
  }
  return replay(policies, row) === 'another-answer'
    ? [{ kind: 'decided-otherwise', index, what }]
    : [];
}

function isCommitted(entry: LedgerEntry, { salt, payload }: Given): boolean {
  const bytes = fromBase64url(salt);
  if (bytes.length !== saltBytes) return false;
  return commitment(bytes, canonicalBytes(payload)) === entry.commitment;
}

function found(findings: readonly Finding[]): AuditedBatch {
  return counted({}, findings);
}

function counted(more: Partial<DecisionCounts>, findings: readonly Finding[] = []): AuditedBatch {
  return {
    findings,
    addedTo: ({ same, byOthers, missed, past }) => ({
      same: same + (more.same ?? 0),
      byOthers: byOthers + (more.byOthers ?? 0),
      missed: missed + (more.missed ?? 0),
      past: past + (more.past ?? 0),
    }),
  };
}
