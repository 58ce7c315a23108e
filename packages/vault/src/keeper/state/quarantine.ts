// What participants decided about their own segments in quarantine.
import type { QuarantineDecision } from '@handrail/core/statement';
import { ownDeviceSigned } from './consent.ts';
import type { LedgerState, Made } from './state.ts';

export interface QuarantineState {
  /** By segment id; a deletion stays one. */
  readonly decided: Map<string, QuarantineDecision>;
}

export function noDecisions(): QuarantineState {
  return { decided: new Map() };
}

export const quarantineRules = {
  'quarantine-release': applyDecision,
  'quarantine-deletion': applyDecision,
} as const;

function applyDecision(state: LedgerState, decision: QuarantineDecision, { keys }: Made): boolean {
  if (!ownDeviceSigned(state, decision.pseudonym, keys)) return false;
  const isRevoked = state.revokedDevices.has(decision.pseudonym);
  if (isRevoked && decision.kind === 'quarantine-release') return false;
  const earlier = state.decided.get(decision.segment);
  if (earlier?.kind !== 'quarantine-deletion') state.decided.set(decision.segment, decision);
  return true;
}

/** What the segment's own participant decided about it. */
export function decisionOn(
  { decided }: QuarantineState,
  { id, pseudonym }: { readonly id: string; readonly pseudonym: string },
): QuarantineDecision['kind'] | undefined {
  const decision = decided.get(id);
  return decision?.pseudonym === pseudonym ? decision.kind : undefined;
}
