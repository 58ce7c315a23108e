// Joining, coming back and leaving. Whoever leaves has their keys shredded.
import type { Consent, Erasure, Signed, Withdrawal } from '@handrail/core/statement';
import type { Database } from '../../storage/database.ts';
import type { Application } from './apply-statement.ts';

type Leaving = Withdrawal | Erasure;

export const consentChanges = {
  consent: applyConsent,
  withdrawal: applyLeaving,
  erasure: applyLeaving,
} as const;

async function applyConsent(
  { transaction, jobs }: Application,
  { payload: consent }: Signed<Consent>,
): Promise<void> {
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
    fingerprint: consent.fingerprint,
  };
  await transaction
    .insertInto('participant')
    .values({ pseudonym, name: null, ...changes })
    .onConflict((conflict) => conflict.column('pseudonym').doUpdateSet(changes))
    .execute();
  if (before?.consent_epoch === consentEpoch) return;
  await jobs.enqueue(transaction, [{ job: { kind: 'issue-keys', pseudonym, consentEpoch } }]);
}

async function applyLeaving(
  { transaction, jobs }: Application,
  { payload: leaving }: Signed<Leaving>,
): Promise<void> {
  const { pseudonym, consentEpoch, kind } = leaving;
  await transaction
    .updateTable('participant')
    .set({
      state: kind === 'erasure' ? 'erased' : 'withdrawn',
      name: null,
      left_epoch: consentEpoch,
    })
    .where('pseudonym', '=', pseudonym)
    .execute();
  await transaction.deleteFrom('login_identity').where('holder', '=', pseudonym).execute();
  await removeTrajectories(transaction, leaving);
  await transaction
    .updateTable('segment')
    .set({ state: 'rejected', reason: kind })
    .where('pseudonym', '=', pseudonym)
    .where('state', '=', 'accepted')
    .execute();
  await jobs.cancelFor(transaction, pseudonym);
  await jobs.enqueue(transaction, [
    { job: { kind: 'shred', pseudonym, consentEpoch } },
    { job: { kind: 'review-releases' } },
  ]);
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
