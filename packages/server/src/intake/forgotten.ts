// A device says which segments of a session will never come, so that the others need not wait.
import { HandrailError } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';

export interface Forgotten {
  readonly sequences: readonly number[];
  readonly ended: boolean;
}

const rowsPerInsertMax = 2_000;
const sequenceMax = 1_000_000;

export async function takeForgotten(
  { db, intake }: ServerContext,
  { pseudonym }: ParticipantRow,
  session: string,
  { sequences, ended }: Forgotten,
): Promise<void> {
  if (!isId('ses', session) || sequences.some((sequence) => sequence > sequenceMax)) {
    throw new HandrailError('input.invalid', 'Name a session and sequences up to a million.');
  }
  await db.transaction().execute(async (transaction) => {
    for (let at = 0; at < sequences.length; at += rowsPerInsertMax) {
      const some = sequences.slice(at, at + rowsPerInsertMax);
      await transaction
        .insertInto('forgotten')
        .values(some.map((sequence) => ({ pseudonym, session, sequence })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    if (!ended) return;
    await transaction
      .insertInto('session')
      .values({ pseudonym, session, next_sequence: 0, ended })
      .onConflict((conflict) => conflict.columns(['pseudonym', 'session']).doUpdateSet({ ended }))
      .execute();
  });
  intake.planner.touched({ pseudonym, session });
}
