// What each accepted statement changes in the database, topic by topic. It is applied in the order
// of the ledger, at once or again at start-up, and means the same both times.
import type { Signed, Statement, StatementOf } from '@handrail/core/statement';
import type { Transaction } from 'kysely';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Tables } from '../../storage/tables.ts';
import { bystanderChanges } from './bystander.ts';
import { consentChanges } from './consent.ts';
import { deviceChanges } from './device.ts';
import { grantChanges } from './grant.ts';
import { holdChanges } from './hold.ts';
import { incidentChanges } from './incident.ts';
import { manifestChanges } from './manifest.ts';
import { modelChanges } from './model.ts';
import { objectionChanges } from './objection.ts';
import { programmeChanges } from './programme.ts';
import { quarantineChanges } from './quarantine.ts';

const changes: { readonly [K in Statement['kind']]: Change<K> } = {
  ...programmeChanges,
  ...manifestChanges,
  ...consentChanges,
  ...deviceChanges,
  ...grantChanges,
  ...quarantineChanges,
  ...objectionChanges,
  ...modelChanges,
  ...incidentChanges,
  ...holdChanges,
  ...bystanderChanges,
};

export type Change<K extends Statement['kind']> = (
  application: Application,
  statement: Signed<StatementOf<K>>,
) => Promise<void>;

/** Where and with what a statement is applied. */
export interface Application {
  readonly transaction: Transaction<Tables>;
  readonly jobs: JobQueue;
  readonly leaf: number;
  /** When it came into the ledger. */
  readonly at: string;
}

/** Applies one statement whose signatures and right to be made have been checked. */
export async function applyStatement(
  application: Application,
  statement: Signed<Statement>,
): Promise<void> {
  const change = changes[statement.payload.kind] as Change<Statement['kind']>;
  await change(application, statement as never);
}
