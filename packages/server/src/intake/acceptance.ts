// How a segment came into the ledger, for the vault to check against the leaf itself.
import type { Acceptance } from '@handrail/core/wire';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';

/** Throws `not.found` also for what has no leaf yet. */
export async function acceptanceOf(
  { db }: Pick<ServerContext, 'db'>,
  id: string,
): Promise<Acceptance> {
  const found = await db
    .selectFrom('segment')
    .innerJoin('intake_batch', 'intake_batch.batch', 'segment.batch')
    .select(['intake_batch.batch', 'intake_batch.leaf', 'intake_batch.salt'])
    .where('segment.id', '=', id)
    .executeTakeFirst();
  if (found === undefined) throw notFound();
  const { batch, leaf, salt } = found;
  const rows = await db.selectFrom('segment').select('id').where('batch', '=', batch).execute();
  return { leaf, salt, segments: rows.map((row) => row.id).toSorted() };
}
