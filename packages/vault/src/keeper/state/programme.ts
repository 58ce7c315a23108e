// The programme itself: charters, phase, policies and roles by what was decided, and whether it is
// halted.
import {
  type Charter,
  charterInForce,
  type Halt,
  judge,
  mayHalt,
  mayResume,
  newStanding,
  type ProgrammeDecision,
  type ProgrammeStanding,
  statementDigest,
} from '@handrail/core/statement';
import type { EpochFloors } from '../ledger/epoch-floors.ts';
import type { LedgerState, Made } from './state.ts';

export interface ProgrammeState {
  standing: ProgrammeStanding;
  /** The one in force, as `standing` has it. */
  charter: Charter;
  programmeEpoch: number;
  halted: boolean;
  /** The highest epoch that the followed leaves declared; floors know of later ones. */
  declaredEpoch: number;
  /** Unix ms of the latest halt or stop: what was signed before it does not end it. */
  stoppedMs: number;
  /** The highest numbers that this keeper has seen in force, also before it was restarted. */
  readonly seen: { readonly charter: number; readonly policy: number };
  /** Digest of the policies that come with this keeper's code. */
  readonly carried: string;
}

export function newProgramme(
  charter: Charter,
  floors: EpochFloors,
  carried: string,
): ProgrammeState {
  const { programmeEpoch } = floors;
  const seen = { charter: floors.charter, policy: floors.policy };
  const running = { halted: false, declaredEpoch: 1, stoppedMs: 0 };
  return { standing: newStanding(charter), charter, programmeEpoch, ...running, seen, carried };
}

export const programmeRules = {
  charter: applyCharter,
  policy: applyDecision,
  start: applyDecision,
  close: applyDecision,
  recertification: applyDecision,
  halt: applyHalt,
  resume: applyResume,
} as const;

/** The charter that is pinned here stands in the ledger as well. */
function applyCharter(state: LedgerState, charter: Charter, made: Made): boolean {
  const same = statementDigest({ payload: charter, signatures: [] });
  const known = state.standing.charters.some((payload) => {
    return statementDigest({ payload, signatures: [] }) === same;
  });
  return known || applyDecision(state, charter, made);
}

function applyDecision(state: LedgerState, decision: ProgrammeDecision, made: Made): boolean {
  const judged = judge(state.standing, decision, made.keys, made.atMs);
  if (judged.kind === 'refused') return false;
  state.standing = judged.standing;
  state.charter = charterInForce(judged.standing);
  return true;
}

/** A login needs no key to stop; going on takes the charter's signatures as after any halt. */
export function stopByLogin(state: LedgerState, reachedMs: number): void {
  state.halted = true;
  state.stoppedMs = Math.max(state.stoppedMs, reachedMs);
}

function applyHalt(state: LedgerState, halt: Halt, { keys, reachedMs }: Made): boolean {
  if (!mayHalt(state.charter, keys)) return false;
  state.halted = true;
  state.programmeEpoch = Math.max(state.programmeEpoch, halt.programmeEpoch);
  state.declaredEpoch = Math.max(state.declaredEpoch, halt.programmeEpoch);
  // Nobody keeps a programme halted by dating a halt ahead.
  state.stoppedMs = Math.max(state.stoppedMs, Math.min(Date.parse(halt.at), reachedMs));
  return true;
}

/**
 * A server can repeat an earlier resume, or have had persons sign one of an epoch far ahead while
 * the programme was halted before: neither undoes a halt without anybody's new signature.
 */
function applyResume(state: LedgerState, resume: Halt, { keys }: Made): boolean {
  if (resume.programmeEpoch < state.programmeEpoch) return false;
  if (!mayResume(state.charter, keys)) return false;
  if (resume.programmeEpoch <= state.declaredEpoch) return false;
  if (Date.parse(resume.at) < state.stoppedMs) return false;
  state.programmeEpoch = resume.programmeEpoch;
  state.declaredEpoch = resume.programmeEpoch;
  state.halted = false;
  return true;
}
