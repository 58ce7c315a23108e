// Released segments are refined once more, deleted ones are nobody's any more.
import type { QuarantineDecision, Signed } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const quarantineChanges = {
  'quarantine-release': applyDecision,
  'quarantine-deletion': applyDecision,
} as const;

/** Of a segment that its participant deleted; its object goes as soon as that is seen. */
export const deletedReason = 'deleted-by-owner';

async function applyDecision(
  { transaction, jobs }: Application,
  { payload }: Signed<QuarantineDecision>,
): Promise<void> {
  const { kind, pseudonym, segment } = payload;
  const change =
    kind === 'quarantine-release'
      ? { state: 'accepted' as const, reason: null }
      : { state: 'rejected' as const, reason: deletedReason };
  const row = await transaction
    .updateTable('segment')
    .set(change)
    .where('id', '=', segment)
    .where('pseudonym', '=', pseudonym)
    .where('state', '=', 'quarantined')
    .returning(['session', 'consent_epoch'])
    .executeTakeFirst();
  if (row === undefined || kind === 'quarantine-deletion') return;
  const { session, consent_epoch: consentEpoch } = row;
  const refine = { kind: 'refine' as const, pseudonym, session, consentEpoch, segments: [segment] };
  const [job = null] = await jobs.enqueue(transaction, [{ job: refine }]);
  await transaction.updateTable('segment').set({ job }).where('id', '=', segment).execute();
}
