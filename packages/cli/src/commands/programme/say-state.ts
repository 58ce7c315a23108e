// The state of the programme in words and as JSON.
import type { ProgrammeState } from '@handrail/core/wire';
import type { Output } from '../../output.ts';

export function sayState(out: Output, now: ProgrammeState): undefined {
  const { facts, lines } = stateOf(now);
  out.print(facts, lines);
}

export function stateOf(now: ProgrammeState) {
  const { state, programmeEpoch, pendingResume } = now;
  const signatures = pendingResume?.signatures.length ?? 0;
  const lines = [`The programme is ${state}, epoch ${programmeEpoch}.`];
  if (state === 'halted' && signatures > 0) {
    lines.push(
      `A resume has ${signatures} of the signatures it needs: a person of another role, an officer`,
      'at least once, runs "handrail programme resume".',
    );
  }
  return { facts: { state, programmeEpoch, resumeSignatures: signatures }, lines };
}
