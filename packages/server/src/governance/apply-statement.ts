// What each accepted statement changes in the database. It is applied in the order of the ledger,
// at once or again at start-up, and means the same both times.
import { fromHex } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import {
  type Approval,
  type Consent,
  type Erasure,
  type Halt,
  type ManifestStatement,
  manifestHash,
  type Signed,
  type Statement,
  type Withdrawal,
} from '@handrail/core/statement';
import type { Transaction } from 'kysely';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { Database } from '../storage/database.ts';
import type { Tables } from '../storage/tables.ts';
import { applyQuarantineDecision } from './quarantine.ts';

type Leaving = Withdrawal | Erasure;
export type Revocation = Extract<Statement, { kind: 'revocation' }>;

/** Where and with what a statement is applied. */
export interface Application {
  readonly transaction: Transaction<Tables>;
  readonly jobs: JobQueue;
  readonly leaf: number;
}

/** Applies one statement whose signatures and right to be made have been checked. */
export async function applyStatement(
  application: Application,
  { payload, signatures }: Signed<Statement>,
): Promise<void> {
  switch (payload.kind) {
    case 'charter':
      return;
    case 'manifest':
      return applyManifest(application, { payload, signatures });
    case 'consent':
      return applyConsent(application, payload);
    case 'withdrawal':
    case 'erasure':
      return applyLeaving(application, payload);
    case 'quarantine-release':
    case 'quarantine-deletion':
      return applyQuarantineDecision(application, payload);
    case 'halt':
    case 'resume':
      return applyHalt(application, { payload, signatures });
    case 'approval':
      return applyApproval(application, { payload, signatures });
    case 'revocation':
      return applyRevocation(application, payload);
  }
}

export function manifestId(hash: string): string {
  return idOf('man', fromHex(hash));
}

async function applyManifest(
  { transaction }: Application,
  statement: Signed<ManifestStatement>,
): Promise<void> {
  const hash = manifestHash(statement.payload);
  const { number } = statement.payload;
  await transaction
    .updateTable('manifest')
    .set({ state: 'replaced' })
    .where('number', '<', number)
    .where('state', '!=', 'replaced')
    .execute();
  const text = JSON.stringify(statement);
  await transaction
    .insertInto('manifest')
    .values({ hash, id: manifestId(hash), number, state: 'active', statement: text })
    .onConflict((conflict) =>
      conflict.column('hash').doUpdateSet({ state: 'active', statement: text }),
    )
    .execute();
}

async function applyConsent({ transaction, jobs }: Application, consent: Consent): Promise<void> {
  const { pseudonym, consentEpoch } = consent;
  const before = await transaction
    .selectFrom('participant')
    .select('consent_epoch')
    .where('pseudonym', '=', pseudonym)
    .executeTakeFirst();
  const changes = {
    device: consent.device,
    device_key: consent.deviceKey,
    reading_key: consent.readingKey,
    state: 'active' as const,
    consent_epoch: consentEpoch,
    consent_at: consent.at,
    manifest: consent.manifest,
  };
  await transaction
    .insertInto('participant')
    .values({ pseudonym, name: null, ...changes })
    .onConflict((conflict) => conflict.column('pseudonym').doUpdateSet(changes))
    .execute();
  if (before?.consent_epoch === consentEpoch) return;
  await jobs.enqueue(transaction, [{ job: { kind: 'issue-keys', pseudonym, consentEpoch } }]);
}

async function applyLeaving({ transaction, jobs }: Application, leaving: Leaving): Promise<void> {
  const { pseudonym, consentEpoch, kind } = leaving;
  await transaction
    .updateTable('participant')
    .set({ state: kind === 'erasure' ? 'erased' : 'withdrawn', name: null })
    .where('pseudonym', '=', pseudonym)
    .execute();
  await removeTrajectories(transaction, leaving);
  await transaction
    .updateTable('segment')
    .set({ state: 'rejected', reason: kind })
    .where('pseudonym', '=', pseudonym)
    .where('state', '=', 'accepted')
    .execute();
  await jobs.cancelFor(transaction, pseudonym);
  await jobs.enqueue(transaction, [{ job: { kind: 'shred', pseudonym, consentEpoch } }]);
}

export async function removeTrajectories(
  db: Database,
  { pseudonym, consentEpoch }: Leaving,
): Promise<void> {
  await db
    .updateTable('trajectory')
    .set({ removed: true })
    .where('pseudonym', '=', pseudonym)
    .where('consent_epoch', '<=', consentEpoch)
    .execute();
}

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

async function applyApproval(
  { transaction, leaf }: Application,
  statement: Signed<Approval>,
): Promise<void> {
  const grant = statement.payload.grant.id;
  for (const { key } of statement.signatures) {
    await transaction
      .insertInto('approval')
      .values({ grant_id: grant, key, leaf, statement: JSON.stringify(statement) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function applyRevocation(
  { transaction }: Application,
  revocation: Revocation,
): Promise<void> {
  await transaction
    .updateTable('grant_request')
    .set({ revoked: true })
    .where('id', '=', revocation.grant)
    .execute();
}
