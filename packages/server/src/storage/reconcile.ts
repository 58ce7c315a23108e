// After any stop, however sudden: ledger, journal and objects are the truth, and the database is
// brought to say the same before anyone is served.
import { fromBase64url } from '@handrail/core/bytes';
import { isId } from '@handrail/core/ids';
import { parseSealed, verifySealed } from '@handrail/core/segment';
import type { ServerContext } from '../context.ts';
import { isKept } from '../governance/holds.ts';

export interface Reconciled {
  readonly statements: number;
  readonly facts: number;
  /** Objects without a row that are listed again. */
  readonly relinked: number;
  /** Objects that belong to nobody any more. */
  readonly removed: number;
  /** Rows whose object is gone. */
  readonly missing: number;
}

/** Throws `storage.broken` when the truth itself is damaged. */
export async function reconcile(context: ServerContext): Promise<Reconciled> {
  const statements = await context.statements.recover();
  // Before the facts, which say what became of segments that have to be listed by then.
  const { relinked, removed, stored } = await relink(context);
  const facts = await context.facts.recover();
  if (facts > 0) await context.statements.removeAgain();
  await context.programme.changed();
  const missing = await markMissing(context, stored);
  await context.intake.planner.recover();
  return { statements, facts, relinked, removed, missing };
}

async function relink(context: ServerContext) {
  const { db, objects, intake } = context;
  const rows = await db
    .selectFrom('segment')
    .innerJoin('intake_batch', 'intake_batch.batch', 'segment.batch')
    .select('segment.id')
    .execute();
  const listed = new Set(rows.map(({ id }) => id));
  const stored = new Set<string>();
  let relinked = 0;
  let removed = 0;
  for await (const key of objects.list('segments/')) {
    const id = key.slice('segments/'.length);
    stored.add(id);
    if (listed.has(id)) continue;
    const found = await orphan(context, id, key);
    const isOwn = found !== undefined && found !== 'kept';
    const linked = isOwn && (await intake.relink(found.segment, found.bytes));
    if (linked) relinked += 1;
    else if (found !== 'kept') {
      await objects.delete(key);
      stored.delete(id);
      removed += 1;
    }
  }
  return { relinked, removed, stored };
}

/** A stored segment of someone who still takes part, and has not taken it back; or one on hold. */
async function orphan({ objects, db }: ServerContext, id: string, key: string) {
  const bytes = isId('seg', id) ? await objects.get(key) : undefined;
  if (bytes === undefined) return undefined;
  try {
    const segment = parseSealed(bytes);
    const { pseudonym, consentEpoch, day } = segment.header;
    const participant = await db
      .selectFrom('participant')
      .selectAll()
      .where('pseudonym', '=', pseudonym)
      .where('state', '=', 'active')
      .where('left_epoch', '<', consentEpoch)
      .executeTakeFirst();
    if (segment.id !== id) return undefined;
    if (participant === undefined) return (await isKept(db, pseudonym, day)) ? 'kept' : undefined;
    const valid = await verifySealed(segment, fromBase64url(participant.device_key));
    return valid ? { segment, bytes: bytes.length } : undefined;
  } catch {
    return undefined;
  }
}

/** A segment whose object is gone cannot be refined: its owner sees it, nothing waits. */
async function markMissing({ db }: ServerContext, stored: ReadonlySet<string>): Promise<number> {
  const rows = await db
    .selectFrom('segment')
    .select('id')
    .where('state', '=', 'accepted')
    .execute();
  const missing = rows.map(({ id }) => id).filter((id) => !stored.has(id));
  for (const id of missing) {
    await db
      .updateTable('segment')
      .set({ state: 'rejected', reason: 'object-missing' })
      .where('id', '=', id)
      .execute();
  }
  return missing.length;
}
