// What nobody can open any more is deleted as well: days past the charter's bounds, what people
// have taken back, and results that were not fetched in time. All of it may be done again. What a
// legal hold keeps stays until the hold is released.
import { checkpointPath, parseVerifierLine, verifyCheckpoint } from '@handrail/core/ledger';
import { jobSchema } from '@handrail/core/wire';
import { type RawBuilder, sql } from 'kysely';
import type { ServerContext } from '../context.ts';
import { deletedReason } from '../governance/apply/quarantine.ts';
import { forgetDecisions } from '../governance/decision-book.ts';
import { dayOf } from '../governance/instant.ts';
import { deleteTellings } from './tellings.ts';

const dayMs = 86_400_000;
const daySeconds = 86_400;
/** Rows that are looked at together. */
const rowsAtOnce = 500;

export interface Expired {
  readonly segments: number;
  readonly trajectories: number;
  readonly results: number;
  /** Batches of decisions with their salts. */
  readonly decisions: number;
  /** Boxes that told of openings. */
  readonly tellings: number;
}

/** Deletes what is past its time. Gives how many objects that were. */
export async function expire(context: ServerContext): Promise<Expired> {
  const { raw, trajectory } = context.charter.payload.retentionDays;
  const nowMs = await soberNowMs(context);
  const firstKept = (days: number) => dayOf(nowMs - days * dayMs);
  const segments = await deleteSegments(context, ofDaysBefore(firstKept(raw)));
  const trajectories = await deleteTrajectories(context, ofDaysBefore(firstKept(trajectory)));
  await dropDayKeys(context, { raw: firstKept(raw), trajectory: firstKept(trajectory) });
  await deleteAllShredded(context);
  await deleteDecided(context);
  await deleteReplaced(context);
  const decisions = await forgetDecisions(context);
  const tellings = await deleteTellings(context, nowMs);
  return { segments, trajectories, results: await deleteResults(context), decisions, tellings };
}

/**
 * The server's time, but at most a day after what a witness has said last: a clock that jumps ahead
 * must not delete what is still to be kept.
 */
async function soberNowMs({ ledger, charter, nowMs }: ServerContext): Promise<number> {
  const { logVerifier, witnesses, witnessQuorum } = charter.payload;
  if (witnessQuorum === 0) return nowMs();
  const bytes = await ledger.files.readTile(checkpointPath);
  if (bytes === undefined) return 0;
  const keys = witnesses.map(parseVerifierLine);
  const log = parseVerifierLine(logVerifier);
  const verdict = await verifyCheckpoint(bytes, log, keys, witnessQuorum);
  if (verdict.kind === 'refused') return 0;
  const saidMs = Math.max(...verdict.cosignatures.map(({ timestampS }) => timestampS * 1000));
  return Math.min(nowMs(), saidMs + dayMs);
}

export interface Owner {
  readonly pseudonym: string;
  /** This epoch and those before it. */
  readonly consentEpoch: number;
}

/** A condition on rows that have an owner and a day. */
type Which = RawBuilder<boolean>;

/** Ciphertext, keys and results of a participant whose keys the vault has destroyed. */
export async function deleteShredded(context: ServerContext, owner: Owner): Promise<void> {
  const { db } = context;
  await deleteSegments(context, ofOwner(owner));
  await deleteTrajectories(context, ofOwner(owner));
  await db
    .deleteFrom('day_key')
    .where('pseudonym', '=', owner.pseudonym)
    .where('consent_epoch', '<=', owner.consentEpoch)
    .execute();
  const views = await db
    .selectFrom('job')
    .select('result')
    .where('pseudonym', '=', owner.pseudonym)
    .where('result', 'is not', null)
    .execute();
  for (const { result } of views) if (result !== null) await deleteResult(context, result);
}

/** A shred job may have ended just before the server did. */
async function deleteAllShredded(context: ServerContext): Promise<void> {
  const rows = await context.db
    .selectFrom('job')
    .select('body')
    .where('kind', '=', 'shred')
    .where('state', '=', 'done')
    .execute();
  for (const { body } of rows) {
    const job = jobSchema.parse(JSON.parse(body));
    if (job.kind === 'shred') await deleteShredded(context, job);
  }
}

/** Ciphertext of what participants deleted from quarantine. */
export async function deleteDecided(context: ServerContext): Promise<void> {
  const { db } = context;
  const decided = await db
    .selectFrom('segment')
    .select('id')
    .where('reason', '=', deletedReason)
    .where('stored', '=', true)
    .where(notKept)
    .limit(1)
    .executeTakeFirst();
  if (decided) await deleteSegments(context, sql<boolean>`reason = ${deletedReason}`);
}

/**
 * Ciphertext that another has taken the place of, for a bystander. What a legal hold keeps stays
 * until then; the vault opens it for nobody.
 */
export async function deleteReplaced(context: ServerContext): Promise<void> {
  await deleteTrajectories(context, sql<boolean>`next is not null`);
}

async function deleteSegments({ db, objects }: ServerContext, which: Which): Promise<number> {
  for (let deleted = 0; ; ) {
    const rows = await db
      .selectFrom('segment')
      .select('id')
      .where('stored', '=', true)
      .where(which)
      .where(notKept)
      .limit(rowsAtOnce)
      .execute();
    if (rows.length === 0) return deleted;
    for (const { id } of rows) await objects.delete(`segments/${id}`);
    const ids = rows.map(({ id }) => id);
    await db.updateTable('segment').set({ stored: false }).where('id', 'in', ids).execute();
    await db
      .updateTable('segment')
      .set({ state: 'rejected', reason: 'expired' })
      .where('id', 'in', ids)
      .where('state', '=', 'accepted')
      .execute();
    deleted += rows.length;
  }
}

async function deleteTrajectories({ db, objects }: ServerContext, which: Which): Promise<number> {
  for (let deleted = 0; ; ) {
    const rows = await db
      .selectFrom('trajectory')
      .select('id')
      .where('stored', '=', true)
      .where(which)
      .where(notKept)
      .limit(rowsAtOnce)
      .execute();
    if (rows.length === 0) return deleted;
    for (const { id } of rows) await objects.delete(`trajectories/${id}`);
    const ids = rows.map(({ id }) => id);
    const gone = { stored: false, removed: true, contexts: '[]' };
    await db.updateTable('trajectory').set(gone).where('id', 'in', ids).execute();
    deleted += rows.length;
  }
}

async function dropDayKeys(
  { db }: ServerContext,
  firstKept: Readonly<Record<'raw' | 'trajectory', string>>,
): Promise<void> {
  for (const tier of ['raw', 'trajectory'] as const) {
    await db
      .deleteFrom('day_key')
      .where('tier', '=', tier)
      .where('day', '<', firstKept[tier])
      .execute();
  }
}

/** Results older than a day, and those whose job has ended without naming them. */
async function deleteResults(context: ServerContext): Promise<number> {
  const { db, objects, nowMs } = context;
  const since = Math.floor(nowMs() / 1000) - daySeconds;
  let deleted = 0;
  for await (const key of objects.list('results/')) {
    const id = key.slice('results/'.length);
    const wanted = await db
      .selectFrom('job')
      .select('id')
      .where((where) =>
        where.or([
          where.and([where('result', '=', id), where('ended_at', '>=', since)]),
          where.and([where('id', '=', id), where('state', 'in', ['waiting', 'running'])]),
        ]),
      )
      .executeTakeFirst();
    if (wanted !== undefined) continue;
    await deleteResult(context, id);
    deleted += 1;
  }
  return deleted;
}

async function deleteResult({ db, objects }: ServerContext, id: string): Promise<void> {
  await objects.delete(`results/${id}`);
  const gone = { result: null, ended_at: null };
  await db.updateTable('job').set(gone).where('result', '=', id).execute();
}

/** Of rows that have an owner and a day: no hold that stands is over them. */
const notKept = sql<boolean>`not exists (select 1 from hold where hold.state = 'placed'
  and (hold.participant is null or hold.participant = pseudonym)
  and (hold.from_day is null or (hold.from_day <= day and day <= hold.to_day)))`;

function ofDaysBefore(day: string): Which {
  return sql<boolean>`day < ${day}`;
}

function ofOwner({ pseudonym, consentEpoch }: Owner): Which {
  return sql<boolean>`pseudonym = ${pseudonym} and consent_epoch <= ${consentEpoch}`;
}
