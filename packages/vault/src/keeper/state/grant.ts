// Approvals and revocations of grants. Whether a grant stands is judged when it is used.
import type { CheckedApproval, StatementOf } from '@handrail/core/statement';
import { type LedgerState, type Made, personKeys } from './state.ts';

export interface GrantState {
  /** By grant id. */
  readonly approvals: Map<string, CheckedApproval[]>;
  readonly revoked: Set<string>;
}

export function noGrants(): GrantState {
  return { approvals: new Map(), revoked: new Set() };
}

export const grantRules = { approval: applyApproval, revocation: applyRevocation } as const;

function applyApproval(
  state: LedgerState,
  approval: StatementOf<'approval'>,
  { keys }: Made,
): boolean {
  const persons = personKeys(state, keys);
  const held = state.approvals.get(approval.grant.id) ?? [];
  for (const key of persons) held.push({ key, approval });
  state.approvals.set(approval.grant.id, held);
  return persons.length > 0;
}

function applyRevocation(
  state: LedgerState,
  { grant }: StatementOf<'revocation'>,
  { keys }: Made,
): boolean {
  if (personKeys(state, keys).length === 0) return false;
  state.revoked.add(grant);
  return true;
}
