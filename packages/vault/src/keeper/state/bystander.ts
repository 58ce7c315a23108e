// Which requests of bystanders were decided on, by a steward and an officer.
import { type BystanderRemoval, mayRemove } from '@handrail/core/statement';
import type { LedgerState, Made } from './state.ts';

export interface BystanderState {
  /** Digests of sealed requests. */
  readonly removalsDecided: Set<string>;
}

export function noRemovals(): BystanderState {
  return { removalsDecided: new Set() };
}

export const bystanderRules = { 'bystander-removal': applyRemoval } as const;

function applyRemoval(state: LedgerState, { request }: BystanderRemoval, { keys }: Made): boolean {
  if (!mayRemove(state.charter, keys)) return false;
  state.removalsDecided.add(request);
  return true;
}
