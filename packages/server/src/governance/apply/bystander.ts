// Requests of bystanders as they come in, are decided on and are answered. A decision has the vault
// look through everything there is.
import type { BystanderRemoval, Signed } from '@handrail/core/statement';
import { bystanderRemovalSchema, digestSchema, signedSchema } from '@handrail/core/statement';
import { type Job, vaultRoutes } from '@handrail/core/wire';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../storage/database.ts';
import type { Tables } from '../../storage/tables.ts';
import type { Application } from './apply-statement.ts';

/** Beyond it a job names the newest. */
const trajectoriesMax = 100_000;

export const bystanderFacts = [
  z.strictObject({
    kind: z.literal('bystander-request'),
    request: digestSchema,
    day: z.iso.date(),
  }),
  z.strictObject({
    kind: z.literal('pending-bystander'),
    statement: signedSchema(bystanderRemovalSchema),
  }),
  z.strictObject({
    kind: z.literal('bystander-removed'),
    ...vaultRoutes.bystanderRemoved.body.shape,
  }),
  z.strictObject({ kind: z.literal('bystander-refused'), request: digestSchema }),
] as const;
export type BystanderFact = z.infer<(typeof bystanderFacts)[number]>;

export async function applyBystanderFact(
  transaction: Transaction<Tables>,
  fact: BystanderFact,
): Promise<void> {
  if (fact.kind === 'bystander-request') {
    const { request: digest, day } = fact;
    await transaction
      .insertInto('bystander_request')
      .values({ digest, day, state: 'waiting', leaf: null, statement: null, answer: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  } else if (fact.kind === 'pending-bystander') {
    await transaction
      .updateTable('bystander_request')
      .set({ statement: JSON.stringify(fact.statement) })
      .where('digest', '=', fact.statement.payload.request)
      .where('state', '=', 'waiting')
      .execute();
  } else if (fact.kind === 'bystander-refused') {
    await transaction
      .updateTable('bystander_request')
      .set({ state: 'refused' })
      .where('digest', '=', fact.request)
      .where('state', '=', 'decided')
      .execute();
  } else {
    const { request, counted, isWhole, entry, replaced } = fact;
    for (const { old, next } of replaced) await replace(transaction, old, next);
    await transaction
      .updateTable('bystander_request')
      .set({ state: 'done', answer: JSON.stringify({ counted, isWhole, entry }) })
      .where('digest', '=', request)
      .execute();
  }
}

/** The new one is told of like the old one, and says that it was made anew. */
async function replace(transaction: Transaction<Tables>, old: string, next: string) {
  const row = await transaction
    .selectFrom('trajectory')
    .select(['pseudonym', 'consent_epoch', 'day', 'actions', 'contexts', 'removed', 'next'])
    .where('id', '=', old)
    .executeTakeFirst();
  if (row === undefined || row.next !== null || row.removed) return;
  await transaction
    .insertInto('trajectory')
    .values({ ...row, id: next, remade: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const segments = await transaction
    .selectFrom('trajectory_segment')
    .select('segment')
    .where('trajectory', '=', old)
    .execute();
  if (segments.length > 0) {
    await transaction
      .insertInto('trajectory_segment')
      .values(segments.map(({ segment }) => ({ trajectory: next, segment })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await transaction
    .updateTable('trajectory')
    .set({ removed: true, next })
    .where('id', '=', old)
    .execute();
}

export const bystanderChanges = { 'bystander-removal': applyRemoval } as const;

async function applyRemoval(
  { transaction, jobs, leaf }: Application,
  statement: Signed<BystanderRemoval>,
): Promise<void> {
  const { request } = statement.payload;
  const decided = await transaction
    .updateTable('bystander_request')
    .set({ state: 'decided', leaf, statement: JSON.stringify(statement) })
    .where('digest', '=', request)
    .where('state', '=', 'waiting')
    .returning('digest')
    .executeTakeFirst();
  if (decided === undefined) return;
  const concerns = await concernsOf(transaction);
  await jobs.enqueue(transaction, [{ job: { kind: 'remove-bystander', request, concerns } }]);
}

type Concerns = Extract<Job, { kind: 'remove-bystander' }>['concerns'];

/** All trajectories that there are, by whose they are. */
async function concernsOf(db: Database): Promise<Concerns> {
  const rows = await db
    .selectFrom('trajectory')
    .select(['id', 'pseudonym', 'consent_epoch as consentEpoch'])
    .where('removed', '=', false)
    .orderBy('ordinal', 'desc')
    .limit(trajectoriesMax)
    .execute();
  const concerns = new Map<string, Concerns[number]>();
  for (const { id, pseudonym, consentEpoch } of rows) {
    const key = `${pseudonym} ${consentEpoch}`;
    const theirs = concerns.get(key) ?? { pseudonym, consentEpoch, trajectories: [] };
    theirs.trajectories.push(id);
    concerns.set(key, theirs);
  }
  return [...concerns.values()];
}
