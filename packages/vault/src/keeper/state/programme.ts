// The programme itself: its charter, and whether it is halted.
import { type Charter, type Halt, mayHalt, mayResume } from '@handrail/core/statement';
import type { EpochFloors } from '../epoch-floors.ts';
import type { LedgerState, Made } from './state.ts';

export interface ProgrammeState {
  readonly charter: Charter;
  programmeEpoch: number;
  halted: boolean;
}

export function newProgramme(charter: Charter, floors: EpochFloors): ProgrammeState {
  return { charter, programmeEpoch: floors.programmeEpoch, halted: false };
}

export const programmeRules = {
  charter: (state: LedgerState, { number }: Charter) => number === state.charter.number,
  halt: applyHalt,
  resume: applyResume,
} as const;

function applyHalt(state: LedgerState, halt: Halt, { keys }: Made): boolean {
  if (!mayHalt(state.charter, keys)) return false;
  state.halted = true;
  state.programmeEpoch = Math.max(state.programmeEpoch, halt.programmeEpoch);
  return true;
}

function applyResume(state: LedgerState, resume: Halt, { keys }: Made): boolean {
  if (resume.programmeEpoch < state.programmeEpoch) return false;
  if (!mayResume(state.charter, keys)) return false;
  state.programmeEpoch = resume.programmeEpoch;
  state.halted = false;
  return true;
}
