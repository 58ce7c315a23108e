// What a participant is told of their segments in quarantine: that they wait and why. What is in
// them is shown as any reading is.
import type { Quarantined } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { allowedOf, participantAsking } from '../governance/access.ts';
import type { ParticipantRow } from '../storage/tables.ts';

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
