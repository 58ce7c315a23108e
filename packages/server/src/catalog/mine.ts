// What a participant may know of their own: counts, trajectories without content, jobs, results.
// What is another's is answered like what does not exist.
import { HandrailError } from '@handrail/core/errors';
import type { JobState, TrajectoryFacts } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow, SegmentState } from '../storage/tables.ts';

const trajectoriesListedMax = 10_000;
const openViewsMax = 20;

/** `accepted` counts all that ever came in; `rejected` also what intake refused. */
export async function countSegments({ db }: ServerContext, { pseudonym }: ParticipantRow) {
  const rows = await db
    .selectFrom('segment')
    .select((select) => [
      'state',
      select.fn.countAll().as('all'),
      select.fn.count('batch').as('accepted'),
    ])
    .where('pseudonym', '=', pseudonym)
    .groupBy('state')
    .execute();
  const of = (state: SegmentState) => Number(rows.find((row) => row.state === state)?.all ?? 0);
  return {
    accepted: rows.reduce((sum, row) => sum + Number(row.accepted), 0),
    waiting: of('accepted'),
    refined: of('refined'),
    quarantined: of('quarantined'),
    rejected: of('rejected'),
  };
}

export async function listTrajectories(
  { db }: ServerContext,
  { pseudonym }: ParticipantRow,
): Promise<{ trajectories: TrajectoryFacts[] }> {
  const rows = await db
    .selectFrom('trajectory')
    .select(['id', 'day', 'actions', 'contexts'])
    .where('pseudonym', '=', pseudonym)
    .where('removed', '=', false)
    .orderBy('ordinal')
    .limit(trajectoriesListedMax)
    .execute();
  return { trajectories: rows.map(trajectoryFacts) };
}

export function trajectoryFacts(row: {
  readonly id: string;
  readonly day: string;
  readonly actions: number;
  readonly contexts: string;
}): TrajectoryFacts {
  const { id, day, actions } = row;
  return { id, day, actions, contexts: JSON.parse(row.contexts) };
}

/** Asks the vault to seal one own trajectory to its participant. */
export async function openMine(
  { db, jobs }: ServerContext,
  { pseudonym, state }: ParticipantRow,
  trajectory: string,
): Promise<{ job: string }> {
  const row = await db
    .selectFrom('trajectory')
    .select('consent_epoch')
    .where('id', '=', trajectory)
    .where('pseudonym', '=', pseudonym)
    .where('removed', '=', false)
    .executeTakeFirst();
  if (row === undefined || state !== 'active') throw notFound();
  const job = await db.transaction().execute(async (transaction) => {
    const open = await transaction
      .selectFrom('job')
      .select('id')
      .where('requester', '=', pseudonym)
      .where('state', 'in', ['waiting', 'running'])
      .limit(openViewsMax)
      .execute();
    if (open.length >= openViewsMax) {
      throw new HandrailError('rate.limited', 'Wait until earlier views are done.');
    }
    const wanted = {
      kind: 'view' as const,
      pseudonym,
      consentEpoch: row.consent_epoch,
      trajectory,
    };
    const [id] = await jobs.enqueue(transaction, [{ job: wanted, requester: pseudonym }]);
    return id ?? '';
  });
  jobs.wake();
  return { job };
}

/** State of a job that `requester` asked for. Throws `not.found`. */
export async function jobOf(
  { db }: ServerContext,
  requester: string,
  id: string,
): Promise<JobState> {
  const row = await db
    .selectFrom('job')
    .select(['state', 'reason', 'facts', 'result'])
    .where('id', '=', id)
    .where('requester', '=', requester)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return {
    state: row.state,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.facts === null ? {} : { facts: JSON.parse(row.facts) }),
    ...(row.result === null ? {} : { result: row.result }),
  };
}

/** What the vault sealed for `requester`. Throws `not.found`. */
export async function resultOf(
  { db, objects }: ServerContext,
  requester: string,
  id: string,
): Promise<Uint8Array> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('result', '=', id)
    .where('requester', '=', requester)
    .where('state', '=', 'done')
    .executeTakeFirst();
  const bytes = row && (await objects.get(`results/${id}`));
  if (bytes === undefined) throw notFound();
  return bytes;
}

export function notFound(): HandrailError {
  return new HandrailError('not.found', 'There is no such thing here.');
}
