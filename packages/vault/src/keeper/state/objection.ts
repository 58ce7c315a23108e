// Who objects to which purpose, and whether a no came in time, by the ledger's own order: a time
// that an entry states counts for no earlier than what stands before it.
import {
  keepsOut,
  type Objection,
  type ObjectionAnswer,
  type ObjectionCourse,
  type Purpose,
  statementDigest,
} from '@handrail/core/statement';
import { decidingKeys } from '../ledger/charter.ts';
import { ownDeviceSigned } from './consent.ts';
import type { LedgerState, Made } from './state.ts';

interface Objected extends ObjectionCourse {
  readonly digest: string;
}

export interface ObjectionState {
  /** By pseudonym and purpose: the one that counts. */
  readonly objections: Map<string, Objected>;
}

export function noObjections(): ObjectionState {
  return { objections: new Map() };
}

export const objectionRules = {
  objection: applyObjection,
  'objection-answer': applyAnswer,
} as const;

export function objectsTo(
  { objections }: ObjectionState,
  pseudonym: string,
  purpose: Purpose,
): boolean {
  const course = objections.get(keyOf(pseudonym, purpose));
  return course !== undefined && keepsOut(course);
}

function applyObjection(
  state: LedgerState,
  objection: Objection,
  { keys, reachedMs }: Made,
): boolean {
  const { pseudonym, purpose } = objection;
  if (!ownDeviceSigned(state, pseudonym, keys)) return false;
  // Saying it again gives nobody more time.
  if (objectsTo(state, pseudonym, purpose)) return true;
  const digest = statementDigest({ payload: objection, signatures: [] });
  state.objections.set(keyOf(pseudonym, purpose), { digest, objectedMs: reachedMs });
  return true;
}

/** The first answer counts, but that a later yes takes back a no. */
function applyAnswer(
  state: LedgerState,
  { objection, answer }: ObjectionAnswer,
  { keys, reachedMs }: Made,
): boolean {
  if (decidingKeys(state.charter, keys).size === 0) return false;
  for (const [key, course] of state.objections) {
    if (course.digest !== objection) continue;
    if (course.answer !== undefined && answer === 'declined') return true;
    state.objections.set(key, { ...course, answer, answeredMs: reachedMs });
    return true;
  }
  return false;
}

function keyOf(pseudonym: string, purpose: Purpose): string {
  return `${pseudonym} ${purpose}`;
}
