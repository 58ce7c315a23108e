// Legal holds: asked for by one, placed and released by enough of them.
import type { Hold, HoldRelease, HoldWord, Signed } from '@handrail/core/statement';
import type { Transaction } from 'kysely';
import type { Tables } from '../../storage/tables.ts';
import type { Application } from './apply-statement.ts';

export const holdChanges = { hold: applyHold, 'hold-release': applyRelease } as const;

async function applyHold({ transaction }: Application, statement: Signed<Hold>): Promise<void> {
  await keepHold(transaction, statement, 'placed');
}

async function applyRelease(
  { transaction }: Application,
  statement: Signed<HoldRelease>,
): Promise<void> {
  await transaction
    .updateTable('hold')
    .set({ state: 'released', release: JSON.stringify(statement) })
    .where('id', '=', statement.payload.hold)
    .execute();
}

/** What one person has signed so far; what stands already is not touched by it. */
export async function applyPendingHold(
  transaction: Transaction<Tables>,
  statement: Signed<HoldWord>,
): Promise<void> {
  const { payload, signatures } = statement;
  if (payload.kind === 'hold') return keepHold(transaction, { payload, signatures }, 'pending');
  await transaction
    .updateTable('hold')
    .set({ release: JSON.stringify(statement) })
    .where('id', '=', payload.hold)
    .where('state', '=', 'placed')
    .execute();
}

async function keepHold(
  transaction: Transaction<Tables>,
  statement: Signed<Hold>,
  state: 'pending' | 'placed',
): Promise<void> {
  const { hold: id, participant, days } = statement.payload;
  const span = { from_day: days?.from ?? null, to_day: days?.to ?? null };
  const kept = { state, statement: JSON.stringify(statement) };
  await transaction
    .insertInto('hold')
    .values({ id, participant, release: null, ...span, ...kept })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(kept).where('hold.state', '=', 'pending'),
    )
    .execute();
}
