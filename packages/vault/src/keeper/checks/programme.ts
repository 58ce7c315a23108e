// Whether anything is opened at all: in a programme that runs, by the policies that it decided on,
// as far along as this keeper has ever seen it. Shredding asks nothing of this.
import type { LedgerState } from '../state/state.ts';
import type { RefusalReason } from './verdict.ts';

/** What goes on when a programme has closed: looking at what is one's own, and taking it back. */
export type Use = 'self-view' | 'after-withdrawal';

/** Undefined: nothing stands against it. */
export function whyStopped(
  { halted, standing, charter, seen, carried }: LedgerState,
  use?: Use,
): RefusalReason | undefined {
  if (halted) return 'programme-halted';
  const { phase, policy } = standing;
  if (phase === 'draft') return 'programme-not-started';
  if (phase === 'closed' && use === undefined) return 'programme-closed';
  if (charter.number < seen.charter) return 'charter-rolled-back';
  if (policy === undefined || policy.number < seen.policy || policy.digest !== carried) {
    return 'policies-not-in-force';
  }
  return undefined;
}
