// Participants decide about segments of their own that are in quarantine now, and about no other.
import { HandrailError } from '@handrail/core/errors';
import type { QuarantineDecision } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';

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
