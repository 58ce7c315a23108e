// One person's signature under a decision about the programme: it is in force at once where it is
// enough, and waits for others where it is not.
import { type ProgrammeDecision, sign } from '@handrail/core/statement';
import { call, type DecisionState, personRoutes } from '@handrail/core/wire';
import type { Desk } from '../../home/desk.ts';
import type { Output } from '../../output.ts';

const lettersShown = 12;

/** Signs and sends it; says whether it holds, and how others sign the same. */
export async function propose(
  { client, signer }: Desk,
  out: Output,
  payload: ProgrammeDecision,
  notice?: string,
): Promise<undefined> {
  const statement = await sign(payload, signer);
  const body = { statement, ...(notice === undefined ? {} : { notice }) };
  sayDecided(out, payload, await call(client, personRoutes.decide, { body }));
}

function sayDecided(
  out: Output,
  { kind }: ProgrammeDecision,
  { state, digest, signatures }: DecisionState,
): void {
  const lines =
    state === 'decided'
      ? [`Decided: ${kind}.`]
      : [
          `This ${kind} has ${signatures} of the signatures it needs: another role runs`,
          `  handrail programme approve ${digest.slice(0, lettersShown)}`,
        ];
  out.print({ kind, state, digest, signatures }, lines);
}

/** What a decision says, for who is asked to sign it. */
export function decisionLines(decision: ProgrammeDecision): readonly string[] {
  switch (decision.kind) {
    case 'charter':
      return charterLines(decision);
    case 'policy':
      return [`Policies number ${decision.number}: bundle ${decision.digest}`];
    case 'start':
      return ['The programme starts: people may join, and capture and openings begin.'];
    case 'close':
      return ['The programme closes for good: no capture, and openings only of what is own.'];
    case 'recertification':
      return [`These roles go on: ${decision.persons.join(', ')}`];
  }
}

function charterLines(charter: Extract<ProgrammeDecision, { kind: 'charter' }>): readonly string[] {
  const { number, purposes, persons, quorums, retentionDays, k, witnesses } = charter;
  return [
    `Charter number ${number}, "${charter.title}"`,
    `Purposes: ${purposes.join(', ')}`,
    ...persons.map(({ id, role, publicKey }) => `  ${role} ${id} with key ${publicKey}`),
    `Quorums: manifest ${quorums.manifest}, grant ${quorums.grant}`,
    `Kept: raw ${retentionDays.raw} days, trajectories ${retentionDays.trajectory} days; k ${k}`,
    `Consent counts ${charter.consentFreshDaysMax} days, a grant ${charter.grantHoursMax} hours`,
    `Witnesses: ${witnesses.length}, of which ${charter.witnessQuorum} must cosign`,
    `Notice ${charter.noticeDigest}`,
    `Impact assessment ${charter.dpiaDigest}`,
  ];
}
