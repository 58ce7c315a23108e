// What a participant sees of their segments in quarantine: that they wait and why, and on request
// what is in them, sealed by the vault.
import type { Quarantined } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { allowedOf, allows, participantAsking } from '../governance/access.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { notFound, requestView } from './mine.ts';

const listedMax = 10_000;

export async function listQuarantine(
  context: ServerContext,
  participant: ParticipantRow,
): Promise<{ segments: Quarantined[] }> {
  const rows = await context.db
    .selectFrom('segment')
    .select(['id', 'day', 'reason', 'pseudonym as owner'])
    .where('pseudonym', '=', participant.pseudonym)
    .where('state', '=', 'quarantined')
    .where('stored', '=', true)
    .orderBy('day')
    .orderBy('sequence')
    .limit(listedMax)
    .execute();
  const by = participantAsking(context, participant);
  const own = await allowedOf(context, by, rows, (recording) => {
    return { action: 'quarantine.view', recording };
  });
  return { segments: own.map(({ id, day, reason }) => ({ id, day, reason: reason ?? 'unknown' })) };
}

/** Asks the vault to seal one own segment in quarantine to its participant. Throws `not.found`. */
export async function openQuarantined(
  context: ServerContext,
  participant: ParticipantRow,
  segment: string,
): Promise<{ job: string }> {
  const row = await context.db
    .selectFrom('segment')
    .select(['id', 'session', 'consent_epoch', 'pseudonym as owner'])
    .where('id', '=', segment)
    .where('state', '=', 'quarantined')
    .where('stored', '=', true)
    .executeTakeFirst();
  const by = participantAsking(context, participant);
  const wish = row && ({ action: 'quarantine.open', recording: row } as const);
  if (!wish || !allows(context, by, wish)) throw notFound();
  const { pseudonym } = participant;
  const { session, consent_epoch: consentEpoch } = row;
  const job = { kind: 'view-segment' as const, pseudonym, consentEpoch, session, segment };
  return requestView(context, pseudonym, job);
}
