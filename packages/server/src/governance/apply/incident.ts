// Incidents: opened once, closed once.
import type { IncidentClosed, IncidentOpened, Signed } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const incidentChanges = {
  'incident-opened': applyOpened,
  'incident-closed': applyClosed,
} as const;

async function applyOpened(
  { transaction, leaf }: Application,
  statement: Signed<IncidentOpened>,
): Promise<void> {
  const { incident: id, severity, at } = statement.payload;
  const opened = JSON.stringify(statement);
  await transaction
    .insertInto('incident')
    .values({ id, leaf, severity, opened_at: at, opened, closed_at: null, closed: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyClosed(
  { transaction }: Application,
  statement: Signed<IncidentClosed>,
): Promise<void> {
  const { incident, at } = statement.payload;
  await transaction
    .updateTable('incident')
    .set({ closed_at: at, closed: JSON.stringify(statement) })
    .where('id', '=', incident)
    .execute();
}
