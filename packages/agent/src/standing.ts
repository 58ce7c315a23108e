// One answer to "what may happen now?", from everything that can stand against capture. The first
// reason in this order is the one that is shown.
import type { BudgetCause, BudgetStanding } from '@handrail/core/budget';
import type { LeaseState } from '@handrail/core/device';
import type { GapReason } from '@handrail/core/events';
import type { AgentState } from './control/protocol.ts';

export interface Facts {
  readonly withdrawn: boolean;
  /** Undefined: not paused; null: until resumed; otherwise Unix ms. */
  readonly pausedUntilMs: number | null | undefined;
  readonly hasManifest: boolean;
  readonly hasKeys: boolean;
  readonly lease: LeaseState;
  /** The display is watched and a first frame is known. */
  readonly display: 'none' | 'starting' | 'watched' | 'gone';
  readonly indicator: 'none' | 'unhealthy' | 'healthy' | 'dead';
  /** How much of this computer may still be taken. */
  readonly budget: BudgetStanding;
  /** Why nothing that is captured could be kept, if so. */
  readonly trouble: 'full' | 'sealing' | undefined;
  /** How the ledger that is shown contradicts what this device has seen of it, if it does. */
  readonly ledger: string | undefined;
}

const ledgerReason =
  'the ledger contradicts what was shown before: keep ledger-evidence.json and tell an officer';

const budgetReasons: Readonly<Record<BudgetCause, string>> = {
  bytes: 'the bytes of today are used up',
  cpu: 'this computer is busy',
  battery: 'the battery is low',
  unreadable: 'budgets.json cannot be read: set it anew with "handrail budget"',
};

export interface Standing {
  readonly state: AgentState;
  /** Content-free, for people; null while recording. */
  readonly reason: string | null;
  /** For the gate; undefined only while recording. */
  readonly gap: GapReason | undefined;
  /** The screen may be looked at: recording, or about to. */
  readonly looks: boolean;
}

export function standingOf(facts: Facts): Standing {
  if (facts.withdrawn) return stand('withdrawn', 'you have withdrawn', 'halted');
  if (facts.pausedUntilMs !== undefined) return stand('paused', 'you paused', 'paused');
  if (facts.budget.step === 'stopped') {
    return stand('budget', budgetReasons[facts.budget.because ?? 'unreadable'], 'budget');
  }
  if (facts.trouble === 'full') return stand('budget', 'the spool or the disk is full', 'budget');
  if (facts.trouble) return stand('off', 'recordings cannot be sealed: see doctor', 'budget');
  if (facts.ledger) return stand('off', ledgerReason, 'no-lease');
  if (!facts.hasManifest) return stand('waiting', 'no accepted manifest is active', 'no-lease');
  if (facts.lease.kind === 'none') return withoutLease(facts.lease.because);
  if (!facts.hasKeys) return stand('waiting', 'the vault has issued no keys yet', 'no-lease');
  if (facts.display === 'none') return stand('off', 'no display to record', 'display-gone');
  if (facts.display === 'gone') return stand('off', 'the display is gone', 'display-gone');
  if (facts.indicator === 'dead') return stand('off', 'the indicator ended', 'indicator');
  if (facts.display === 'starting')
    return { ...stand('waiting', 'the display is being read', 'no-lease'), looks: true };
  if (facts.indicator !== 'healthy') {
    return { ...stand('off', 'the indicator is not seen', 'indicator'), looks: true };
  }
  return { state: 'recording', reason: null, gap: undefined, looks: true };
}

function withoutLease(because: string): Standing {
  if (because === 'programme.draft') {
    return stand('waiting', 'the programme has not started', 'no-lease');
  }
  if (because === 'programme.closed') return stand('halted', 'the programme is closed', 'halted');
  if (because === 'programme.halted') return stand('halted', 'the programme is halted', 'halted');
  if (because === 'consent.stale') {
    return stand('waiting', 'wider terms wait for you: run "handrail accept"', 'no-lease');
  }
  return stand('waiting', `no lease: ${because}`, 'no-lease');
}

function stand(state: AgentState, reason: string, gap: GapReason): Standing {
  return { state, reason, gap, looks: false };
}
