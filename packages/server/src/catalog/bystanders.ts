// What the vault reports of a bystander's request. Ciphertext that another has taken the place of
// goes, and so does the request.
import { HandrailError } from '@handrail/core/errors';
import { jobSchema, type PayloadOf, type vaultRoutes } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { keyOf } from '../governance/bystanders.ts';
import { deleteReplaced } from './retention.ts';

type Removed = PayloadOf<typeof vaultRoutes.bystanderRemoved.body>;

/** Throws `state.conflict` unless such a job runs that named them all. */
export async function takeRemoved(context: ServerContext, removed: Removed): Promise<void> {
  const { db, facts, jobs, objects } = context;
  const row = await db
    .selectFrom('job')
    .select('body')
    .where('id', '=', removed.job)
    .where('state', '=', 'running')
    .executeTakeFirst();
  const job = row && jobSchema.parse(JSON.parse(row.body));
  if (job?.kind !== 'remove-bystander' || job.request !== removed.request) throw notFitting();
  const named = new Set(job.concerns.flatMap(({ trajectories }) => trajectories));
  for (const { old, next } of removed.replaced) {
    const isStored = (await objects.get(`trajectories/${next}`)) !== undefined;
    if (!named.has(old) || !isStored) throw notFitting();
  }
  await facts.record({ kind: 'bystander-removed', ...removed });
  await deleteReplaced(context);
  await objects.delete(keyOf(removed.request));
  await db.transaction().execute(async (transaction) => {
    await jobs.enqueue(transaction, [{ job: { kind: 'review-releases' } }]);
  });
  jobs.wake();
}

/** The vault will not do it: the request goes, its sender asks for something narrower. */
export async function refuseRequest(context: ServerContext, request: string): Promise<void> {
  await context.facts.record({ kind: 'bystander-refused', request });
  await context.objects.delete(keyOf(request));
}

function notFitting(): HandrailError {
  return new HandrailError('state.conflict', 'This does not fit what was asked.');
}
