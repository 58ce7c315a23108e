// Which decisions go on record, and whether one that did can be made again: the same policies over
// the same facts give the same answer, or what is on record is not what was decided.
import type { Policies } from './bundle.ts';
import { type Decision, decide } from './decide.ts';
import type { Question } from './question.ts';

/** Rows and their salt are kept for so many days; what is left in the ledger then says nothing. */
export const decisionDaysKept = 7;

export interface DecisionRow {
  readonly question: Question;
  readonly decision: Decision;
}

/** What a ledger entry `decisions.recorded` commits to. No row says when or how often. */
export interface DecisionBatch {
  readonly v: 1;
  readonly decisions: readonly DecisionRow[];
  /** Decisions before it for which there was no room: none of them opened anything. */
  readonly missed: number;
}

/** Looking at what is there and holds nothing of anyone; whoever follows it does so all day. */
const looks: ReadonlySet<Question['action']> = new Set([
  'manifest.list',
  'grant.list',
  'grant.view',
  'release.list',
  'release.view',
  'job.view',
  'incident.view',
  'probe.view',
  'probe.report',
]);

/** What persons ask to open, read or decide; never what participants do with what is theirs. */
export function goesOnRecord(question: Question): boolean {
  if (question.action === 'recording.refine') return false;
  return question.by.kind !== 'participant' && !looks.has(question.action);
}

export type Replay = 'same' | 'another-answer' | 'other-policies';

/** `other-policies`: it was made by others than these, and cannot be made again with them. */
export function replay(policies: Policies, { question, decision }: DecisionRow): Replay {
  if (decision.version !== policies.version) return 'other-policies';
  const again = decide(policies, question);
  const isSame =
    again.kind === decision.kind && again.policies.join('\n') === decision.policies.join('\n');
  return isSame ? 'same' : 'another-answer';
}
