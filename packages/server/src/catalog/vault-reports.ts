// What the vault reports of its work: day keys, refined segments, releases, ends of jobs. It is
// believed only where it fits what was asked.
import { HandrailError } from '@handrail/core/errors';
import { type DayKey, type Signed, signersOf } from '@handrail/core/statement';
import {
  jobSchema,
  type PayloadOf,
  type ReleaseFacts,
  type SupersessionFacts,
  type vaultRoutes,
} from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import type { LeasedJob, Outcome } from '../jobs/job-queue.ts';
import type { JobRow } from '../storage/tables.ts';
import { refuseRequest } from './bystanders.ts';
import { notFound } from './mine.ts';
import { oneRelease } from './releases.ts';
import { deleteShredded } from './retention.ts';

type Refined = PayloadOf<typeof vaultRoutes.refined.body>;

/** Throws `signature.invalid`, `state.conflict`. */
export async function takeDayKeys(
  context: ServerContext,
  keys: readonly Signed<DayKey>[],
): Promise<void> {
  const { config, charter, db, facts } = context;
  for (const key of keys) {
    if (!(await signersOf(key)).has(config.vaultKey)) {
      throw new HandrailError('signature.invalid', 'A day key is not signed by the vault.');
    }
    if (key.payload.programme !== charter.payload.programme) throw notFitting();
  }
  const pseudonyms = [...new Set(keys.map(({ payload }) => payload.pseudonym))];
  if (pseudonyms.length === 0) return;
  const known = await db
    .selectFrom('participant')
    .select(['pseudonym', 'left_epoch'])
    .where('pseudonym', 'in', pseudonyms)
    .execute();
  const left = new Map(known.map((row) => [row.pseudonym, row.left_epoch]));
  const isOpen = ({ payload: { pseudonym, consentEpoch } }: Signed<DayKey>) =>
    consentEpoch > (left.get(pseudonym) ?? consentEpoch);
  if (!keys.every(isOpen)) throw notFitting();
  await facts.record({ kind: 'day-keys', keys: [...keys] });
}

/** Throws `not.found` unless the job runs, `state.conflict` for segments that are not in it. */
export async function takeRefined(context: ServerContext, refined: Refined): Promise<void> {
  const { db, facts } = context;
  const row = await runningJob(context, refined.job);
  const job = jobSchema.parse(JSON.parse(row.body));
  if (job.kind !== 'refine') throw notFitting();
  const asked = new Set(job.segments);
  const named = [
    ...refined.segments.map(({ id }) => id),
    ...refined.trajectories.flatMap(({ segments }) => segments),
  ];
  const empty = refined.trajectories.some(({ segments }) => segments.length === 0);
  if (empty || named.some((id) => !asked.has(id))) throw notFitting();
  for (const { facts: made } of refined.trajectories) {
    if ((await context.objects.get(`trajectories/${made.id}`)) === undefined) throw notFitting();
  }
  const owner = await db
    .selectFrom('participant')
    .select('state')
    .where('pseudonym', '=', job.pseudonym)
    .executeTakeFirst();
  if (owner?.state !== 'active') throw new HandrailError('keys.destroyed', 'They have withdrawn.');
  const { pseudonym, consentEpoch } = job;
  await facts.record({ kind: 'refined', pseudonym, consentEpoch, ...refined });
}

export async function takeReleased(
  context: ServerContext,
  id: string,
  told: ReleaseFacts,
): Promise<void> {
  // One that takes the place of another was not asked for; it is of the same grant.
  const known = await oneRelease(context, told.supersedes ?? id);
  if (told.id !== id || told.grant !== known.grant) throw notFitting();
  if (told.supersedes === undefined && known.state === 'superseded') return;
  await context.facts.record({ kind: 'release', facts: told });
}

/** Its rows are nobody's to use: what is stored of it goes as well. */
export async function takeSuperseded(
  context: ServerContext,
  id: string,
  told: SupersessionFacts,
): Promise<void> {
  const { rows: _, trajectories: __, ...known } = await oneRelease(context, id);
  await context.facts.record({
    kind: 'release',
    facts: { ...known, state: 'superseded', ...told },
  });
  for await (const key of context.objects.list(`releases/${id}/`)) {
    await context.objects.delete(key);
  }
}

/** The next job, waiting up to `waitMs`; what a vault that died left behind is settled first. */
export async function leaseJob(
  context: ServerContext,
  seconds: number,
  waitMs: number,
): Promise<LeasedJob | undefined> {
  for (const row of await context.jobs.endLostLeases()) await afterJob(context, row);
  return context.jobs.lease(seconds, waitMs);
}

/** A vault has started: what one before it had leased is given back now. */
export async function restartJobs(context: ServerContext): Promise<void> {
  for (const row of await context.jobs.restart()) await afterJob(context, row);
}

/** Ends a job and draws the consequences. Throws `not.found` unless it runs. */
export async function endJob(context: ServerContext, id: string, outcome: Outcome): Promise<void> {
  const settled = outcome.outcome === 'retry' || (await isReported(context, id));
  const row = await context.jobs.finish(id, settled ? outcome : { ...outcome, outcome: 'retry' });
  if (row === undefined) throw notFound();
  await afterJob(context, row);
}

/** An accepted segment is never given up: its job ends only once the vault has said what it is. */
async function isReported({ db }: ServerContext, job: string): Promise<boolean> {
  const open = await db
    .selectFrom('segment')
    .select('id')
    .where('job', '=', job)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  return open === undefined;
}

/** What follows from a job that has ended; nothing while it will be tried again. */
async function afterJob(context: ServerContext, row: JobRow): Promise<void> {
  if (row.state !== 'done' && row.state !== 'failed') return;
  const job = jobSchema.parse(JSON.parse(row.body));
  if (job.kind === 'view') {
    if (row.state === 'done') context.readings.close(row.id);
    else context.readings.end(row.id);
  }
  if (job.kind === 'build' && row.state === 'failed') {
    const release = await oneRelease(context, job.release);
    if (release.state === 'building') {
      await context.facts.record({ kind: 'release', facts: { ...release, state: 'failed' } });
    }
  }
  if (job.kind === 'remove-bystander' && row.state === 'failed') {
    await refuseRequest(context, job.request);
  }
  if (job.kind === 'shred' && row.state === 'done') {
    await deleteShredded(context, job);
  }
}

async function runningJob({ db }: ServerContext, id: string): Promise<JobRow> {
  const row = await db
    .selectFrom('job')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return row;
}

function notFitting(): HandrailError {
  return new HandrailError('state.conflict', 'This does not fit what was asked.');
}
