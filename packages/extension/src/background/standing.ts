// One answer to "what may happen now?", from everything that can stand against capture. The first
// reason in this order is the one that is shown, on the badge as in the popup.
import type { LeaseState } from '@handrail/core/device';
import type { GapReason } from '@handrail/core/events';

export interface Facts {
  readonly joined: boolean;
  readonly left: boolean;
  /** Undefined: not paused; null: until resumed; otherwise Unix ms. */
  readonly pausedUntilMs: number | null | undefined;
  readonly hasManifest: boolean;
  readonly hasKeys: boolean;
  readonly lease: LeaseState;
  /** Why nothing that is captured could be kept, if so. */
  readonly trouble: string | undefined;
  /** The badge could be drawn. */
  readonly isShown: boolean;
}

export interface Standing {
  readonly state: 'recording' | 'paused' | 'waiting' | 'off';
  /** Content-free, for people. */
  readonly reason: string;
  /** For the gate; undefined only while recording. */
  readonly gap: GapReason | undefined;
}

export function standingOf(facts: Facts): Standing {
  if (!facts.joined) return stand('off', 'this browser takes part in nothing', 'no-lease');
  if (facts.left) return stand('off', 'you have left', 'halted');
  if (facts.pausedUntilMs !== undefined) return stand('paused', 'you paused', 'paused');
  if (facts.trouble) return stand('off', `nothing can be kept: ${facts.trouble}`, 'budget');
  if (!facts.hasManifest) return stand('waiting', 'no accepted manifest is active', 'no-lease');
  if (facts.lease.kind === 'none') return withoutLease(facts.lease.because);
  if (!facts.hasKeys) return stand('waiting', 'the vault has issued no keys yet', 'no-lease');
  if (!facts.isShown) return stand('off', 'the badge cannot be shown', 'indicator');
  return { state: 'recording', reason: 'on the pages that you agreed to', gap: undefined };
}

function withoutLease(because: string): Standing {
  if (because === 'programme.halted') return stand('off', 'the programme is halted', 'halted');
  if (because === 'programme.closed') return stand('off', 'the programme is closed', 'halted');
  if (because === 'consent.stale') {
    return stand('waiting', 'wider terms wait for you to accept them', 'no-lease');
  }
  return stand('waiting', `no lease: ${because}`, 'no-lease');
}

function stand(state: Standing['state'], reason: string, gap: GapReason): Standing {
  return { state, reason, gap };
}
