// Whether the programme is halted, and under which epoch.
import type { Halt, Signed } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const programmeChanges = {
  charter: async () => undefined,
  halt: applyHalt,
  resume: applyHalt,
} as const;

async function applyHalt({ transaction }: Application, statement: Signed<Halt>): Promise<void> {
  const { kind, programmeEpoch } = statement.payload;
  const facts = {
    programmeEpoch: String(programmeEpoch),
    halted: `${kind === 'halt'}`,
    standing: JSON.stringify(statement),
    pendingResume: '',
  };
  for (const [name, value] of Object.entries(facts)) {
    await transaction
      .insertInto('fact')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
