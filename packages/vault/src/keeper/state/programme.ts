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
import type { EpochFloors } from '../epoch-floors.ts';
import type { LedgerState, Made } from './state.ts';

export interface ProgrammeState {
  standing: ProgrammeStanding;
  /** The one in force, as `standing` has it. */
  charter: Charter;
  programmeEpoch: number;
  halted: boolean;
  /** The highest epoch that the followed leaves declared; floors know of later ones. */
  declaredEpoch: number;
  /** A login stopped the programme: only a resume of an epoch after this one ends that. */
  stoppedAtEpoch: number | undefined;
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
  const running = { halted: false, declaredEpoch: 1, stoppedAtEpoch: undefined };
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
export function stopByLogin(state: LedgerState): void {
  state.halted = true;
  state.stoppedAtEpoch = state.declaredEpoch;
}

function applyHalt(state: LedgerState, halt: Halt, { keys }: Made): boolean {
  if (!mayHalt(state.charter, keys)) return false;
  state.halted = true;
  state.programmeEpoch = Math.max(state.programmeEpoch, halt.programmeEpoch);
  state.declaredEpoch = Math.max(state.declaredEpoch, halt.programmeEpoch);
  return true;
}

function applyResume(state: LedgerState, resume: Halt, { keys }: Made): boolean {
  if (resume.programmeEpoch < state.programmeEpoch) return false;
  if (!mayResume(state.charter, keys)) return false;
  // An earlier resume, repeated, would undo the stop of a login without anybody's new signature.
  if (resume.programmeEpoch <= (state.stoppedAtEpoch ?? 0)) return false;
  state.programmeEpoch = resume.programmeEpoch;
  state.declaredEpoch = Math.max(state.declaredEpoch, resume.programmeEpoch);
  state.stoppedAtEpoch = undefined;
  state.halted = false;
  return true;
}
