// Whether the programme is halted, under which epoch, and what was decided about it.
import type { Halt, ProgrammeDecision, Signed } from '@handrail/core/statement';
import type { Database } from '../../storage/database.ts';
import { loginStopFact, stoppedAtFact } from '../programme.ts';
import type { Application } from './apply-statement.ts';

export const programmeChanges = {
  charter: applyDecision,
  policy: applyDecision,
  start: applyDecision,
  close: applyDecision,
  recertification: applyDecision,
  halt: applyHalt,
  resume: applyHalt,
} as const;

/** What follows from it is worked out from all of them, in order. */
async function applyDecision(
  { transaction, leaf, at }: Application,
  statement: Signed<ProgrammeDecision>,
): Promise<void> {
  await transaction
    .insertInto('programme_decision')
    .values({ leaf, at, statement: JSON.stringify(statement) })
    .execute();
}

async function applyHalt({ transaction, at }: Application, statement: Signed<Halt>): Promise<void> {
  const { kind, programmeEpoch, at: signedAt } = statement.payload;
  const facts = {
    programmeEpoch: String(programmeEpoch),
    halted: `${kind === 'halt'}`,
    standing: JSON.stringify(statement),
    pendingResume: '',
    ...(kind === 'resume'
      ? { [loginStopFact]: '' }
      : { [stoppedAtFact]: signedAt < at ? signedAt : at }),
  };
  await setFacts(transaction, facts);
}

/** A stop that stands in leaf number `leaf`; the next resume that is signed after it ends it. */
export function applyLoginStop(db: Database, leaf: number, at: string): Promise<void> {
  return setFacts(db, { [loginStopFact]: String(leaf), [stoppedAtFact]: at });
}

async function setFacts(db: Database, facts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(facts)) {
    await db
      .insertInto('fact')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
