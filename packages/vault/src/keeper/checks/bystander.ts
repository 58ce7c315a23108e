// Whether a bystander's request may be carried out, and what may be said of it. It takes out one
// person: what would take out a large share of everything is somebody else's wish.
import { inStepsOf } from '@handrail/core/dataset';
import type { LedgerState } from '../state/state.ts';
import { type Refused, refuse } from './verdict.ts';

/** Of all trajectories that were looked at; a few are always allowed. */
export const shareMax = 0.1;
export const alwaysAllowed = 5;

export function checkDecided(
  { removalsDecided }: LedgerState,
  request: string,
): { readonly kind: 'allowed' } | Refused {
  return removalsDecided.has(request) ? { kind: 'allowed' } : refuse('request-not-decided');
}

export function checkShare(found: number, searched: number): { kind: 'allowed' } | Refused {
  const most = Math.max(alwaysAllowed, Math.floor(searched * shareMax));
  return found > most ? refuse('request-too-wide') : { kind: 'allowed' };
}

/** What is told of how many there were: in steps of k, and nothing where fewer people had them. */
export function countToTell(owners: readonly string[], k: number): number {
  return new Set(owners).size < k ? 0 : inStepsOf(k, owners.length);
}
