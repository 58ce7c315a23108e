// Legal holds that stand. Each was signed by two persons of different roles.
import { type Hold, type HoldRelease, isHeld, mayHold } from '@handrail/core/statement';
import type { LedgerState, Made } from './state.ts';

export interface HoldState {
  /** By id. */
  readonly holds: Map<string, Hold>;
  /** A hold that is shown again after its release holds nothing. */
  readonly releasedHolds: Set<string>;
}

export function noHolds(): HoldState {
  return { holds: new Map(), releasedHolds: new Set() };
}

export const holdRules = { hold: applyHold, 'hold-release': applyRelease } as const;

function applyHold(state: LedgerState, hold: Hold, { keys }: Made): boolean {
  if (!mayHold(state.charter, keys) || state.releasedHolds.has(hold.hold)) return false;
  state.holds.set(hold.hold, hold);
  return true;
}

function applyRelease(state: LedgerState, { hold }: HoldRelease, { keys }: Made): boolean {
  if (!mayHold(state.charter, keys)) return false;
  state.holds.delete(hold);
  state.releasedHolds.add(hold);
  return true;
}

/** Whether the keys of that UTC day are to be kept. */
export function keepsDay({ holds }: HoldState, pseudonym: string, day: string): boolean {
  return isHeld(holds.values(), pseudonym, day);
}
