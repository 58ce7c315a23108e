// What participants decide about their segments in quarantine: released ones are refined once more,
// deleted ones are nobody's any more.
import { HandrailError } from '@handrail/core/errors';
import type { QuarantineDecision } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import type { Application } from './apply-statement.ts';

/** Throws `not.found` unless the segment is theirs and waits, `consent.stale`. */
export async function requireQuarantined(
  { db }: ServerContext,
  { segment, consentEpoch, pseudonym }: QuarantineDecision,
  now: ParticipantRow,
): Promise<void> {
  if (now.state !== 'active' || now.consent_epoch !== consentEpoch) {
    throw new HandrailError('consent.stale', `Name the current epoch, ${now.consent_epoch}.`);
  }
  const row = await db
    .selectFrom('segment')
    .select('id')
    .where('id', '=', segment)
    .where('pseudonym', '=', pseudonym)
    .where('state', '=', 'quarantined')
    .where('stored', '=', true)
    .executeTakeFirst();
  if (row === undefined) {
    throw new HandrailError('not.found', 'No such segment of yours is in quarantine.');
  }
}

export async function applyQuarantineDecision(
  { transaction, jobs }: Application,
  { kind, pseudonym, segment }: QuarantineDecision,
): Promise<void> {
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

/** Of a segment that its participant deleted; its object goes as soon as that is seen. */
export const deletedReason = 'deleted-by-owner';
