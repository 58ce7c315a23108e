// What a participant may know of their own: counts, trajectories without content, jobs, results.
// What is another's is answered like what does not exist.
import { HandrailError } from '@handrail/core/errors';
import type { Job, JobState, TrajectoryFacts } from '@handrail/core/wire';
import type { Asker } from '@handrail/policy/question';
import type { ServerContext } from '../context.ts';
import { allowedOf, allows, participantAsking } from '../governance/access.ts';
import type { JobRow, ParticipantRow, SegmentState } from '../storage/tables.ts';

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
  context: ServerContext,
  participant: ParticipantRow,
): Promise<{ trajectories: TrajectoryFacts[] }> {
  const { pseudonym } = participant;
  const rows = await context.db
    .selectFrom('trajectory')
    .select(['id', 'day', 'actions', 'contexts', 'remade', 'pseudonym as owner'])
    .where('pseudonym', '=', pseudonym)
    .where('removed', '=', false)
    .orderBy('ordinal')
    .limit(trajectoriesListedMax)
    .execute();
  const by = participantAsking(context, participant);
  const own = await allowedOf(context, by, rows, (trajectory) => {
    return { action: 'trajectory.view', trajectory };
  });
  return { trajectories: own.map(trajectoryFacts) };
}

export function trajectoryFacts(row: {
  readonly id: string;
  readonly day: string;
  readonly actions: number;
  readonly contexts: string;
  readonly remade: boolean;
}): TrajectoryFacts {
  const { id, day, actions } = row;
  const facts = { id, day, actions, contexts: JSON.parse(row.contexts) };
  return row.remade ? { ...facts, remade: 'bystander' } : facts;
}

/** Asks the vault for a view; a few may be open at a time. Throws `rate.limited`. */
export async function requestView(
  { db, jobs }: ServerContext,
  requester: string,
  wanted: Extract<Job, { kind: 'view' }>,
): Promise<{ job: string }> {
  const job = await db.transaction().execute(async (transaction) => {
    const open = await transaction
      .selectFrom('job')
      .select('id')
      .where('requester', '=', requester)
      .where('state', 'in', ['waiting', 'running'])
      .limit(openViewsMax)
      .execute();
    if (open.length >= openViewsMax) {
      throw new HandrailError('rate.limited', 'Wait until earlier views are done.');
    }
    const [id] = await jobs.enqueue(transaction, [{ job: wanted, requester }]);
    return id ?? '';
  });
  jobs.wake();
  return { job };
}

/** State of a job that `by` asked for. Throws `not.found`. */
export async function jobOf(context: ServerContext, by: Asker, id: string): Promise<JobState> {
  const row = await context.db
    .selectFrom('job')
    .select(['id', 'requester', 'state', 'reason', 'facts', 'result'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !mayOn(context, 'job.view', by, row)) throw notFound();
  return {
    state: row.state,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.facts === null ? {} : { facts: JSON.parse(row.facts) }),
    ...(row.result === null ? {} : { result: row.result }),
  };
}

/** What the vault sealed for `by`. Throws `not.found`. */
export async function resultOf(context: ServerContext, by: Asker, id: string): Promise<Uint8Array> {
  const row = await context.db
    .selectFrom('job')
    .select(['id', 'requester'])
    .where('result', '=', id)
    .where('state', '=', 'done')
    .executeTakeFirst();
  if (row === undefined || !mayOn(context, 'result.read', by, row)) throw notFound();
  const bytes = await context.objects.get(`results/${id}`);
  if (bytes === undefined) throw notFound();
  return bytes;
}

/** Jobs of the server's own are nobody's. */
function mayOn(
  context: ServerContext,
  action: 'job.view' | 'result.read',
  by: Asker,
  { id, requester }: Pick<JobRow, 'id' | 'requester'>,
): boolean {
  return requester !== null && allows(context, by, { action, job: { id, owner: requester } });
}

export function notFound(): HandrailError {
  return new HandrailError('not.found', 'There is no such thing here.');
}
