// What probes report: each round stands in the ledger, and the board says
// when each way was last found shut.
import { HandrailError } from '@handrail/core/errors';
import { encodeEntry } from '@handrail/core/ledger';
import {
  type Person,
  type ProbeReport,
  type Signed,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ProbeBoard, ProbeRound } from '@handrail/core/wire';
import { type Selectable, sql } from 'kysely';
import type { ServerContext } from '../context.ts';
import type { Database } from '../storage/database.ts';
import type { ProbeRoundTable } from '../storage/tables.ts';
import { allows, personAsking, type Wish } from './access.ts';
import { instantOf } from './instant.ts';

const roundsShown = 50;
const roundsKept = 1_000;
const pathsShown = 10_000;
const rowsAtOnce = 500;
const ageMsMax = 10 * 60_000;

/** Throws `access.denied` unless a policy lets `caller` do this with probes and incidents. */
export function requireMay(
  context: ServerContext,
  caller: Person,
  action: Extract<Wish, { programme: string }>['action'],
): void {
  const { programme } = context.charter.payload;
  if (allows(context, personAsking(caller), { action, programme })) return;
  throw new HandrailError('access.denied', 'Your role has no part in that.');
}

/** Throws `access.denied`, `signature.invalid`, `state.conflict` for a report of another time. */
export async function reportProbes(
  context: ServerContext,
  report: Signed<ProbeReport>,
  caller: Person,
): Promise<{ index: number }> {
  requireMay(context, caller, 'probe.report');
  const { payload } = report;
  if (!(await signersOf(report)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The report is not signed by who sends it.');
  }
  const isNow = Math.abs(Date.parse(payload.endedAt) - context.nowMs()) < ageMsMax;
  const isOrdered = payload.startedAt <= payload.endedAt;
  if (payload.programme !== context.charter.payload.programme || !isNow || !isOrdered) {
    throw new HandrailError('state.conflict', 'The report is of another programme or time.');
  }
  const tried = payload.paths.reduce((sum, { denied }) => sum + denied, payload.findings.length);
  const entry = encodeEntry({
    v: 1,
    kind: 'probes.run',
    at: instantOf(context.nowMs()),
    count: tried,
    digest: statementDigest(report),
  });
  const { firstIndex: index } = await context.ledger.append([entry]);
  await keep(context, report, index, tried);
  return { index };
}

async function keep(
  { db }: ServerContext,
  report: Signed<ProbeReport>,
  leaf: number,
  tried: number,
): Promise<void> {
  const { startedAt, endedAt, findings, untried } = report.payload;
  const round = {
    leaf,
    started_at: startedAt,
    ended_at: endedAt,
    tried,
    findings: findings.length,
    untried: untried.length,
    report: JSON.stringify(report),
  };
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('probe_round').values(round).execute();
    await keepPaths(transaction, report.payload);
    await sql`delete from probe_round where leaf not in
      (select leaf from probe_round order by leaf desc limit ${roundsKept})`.execute(transaction);
  });
}

async function keepPaths(db: Database, report: ProbeReport): Promise<void> {
  const { endedAt, findings, paths } = report;
  const open = new Map(findings.map((one) => [nameOf(one), one]));
  const shut = paths.filter((one) => !open.has(nameOf(one)));
  const rows = [
    ...shut.map(({ path, identity }) => ({ path, identity, denied_at: endedAt, open_at: null })),
    ...[...open.values()].map(({ path, identity }) => {
      return { path, identity, denied_at: null, open_at: endedAt };
    }),
  ];
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await db
      .insertInto('probe_path')
      .values(rows.slice(at, at + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.columns(['path', 'identity']).doUpdateSet({
          denied_at: sql`coalesce(excluded.denied_at, probe_path.denied_at)`,
          open_at: sql`coalesce(excluded.open_at, probe_path.open_at)`,
        }),
      )
      .execute();
  }
}

function nameOf({ path, identity }: { readonly path: string; readonly identity: string }): string {
  return `${identity} ${path}`;
}

export async function probeBoard(context: ServerContext, caller: Person): Promise<ProbeBoard> {
  requireMay(context, caller, 'probe.view');
  const { db } = context;
  const rounds = await db
    .selectFrom('probe_round')
    .selectAll()
    .orderBy('leaf', 'desc')
    .limit(roundsShown)
    .execute();
  const rows = await db
    .selectFrom('probe_path')
    .selectAll()
    .orderBy('path')
    .orderBy('identity')
    .limit(pathsShown)
    .execute();
  const paths = rows.map(({ path, identity, denied_at: deniedAt, open_at: openAt }) => {
    return { path, identity, deniedAt, openAt };
  });
  return { rounds: rounds.reverse().map(roundOf), paths };
}

/** The newest round. */
export async function lastRound({ db }: ServerContext): Promise<ProbeRound | undefined> {
  const row = await db
    .selectFrom('probe_round')
    .selectAll()
    .orderBy('leaf', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && roundOf(row);
}

function roundOf(row: Selectable<ProbeRoundTable>): ProbeRound {
  const { leaf: index, started_at: startedAt, ended_at: endedAt, tried, findings, untried } = row;
  return { index, startedAt, endedAt, tried, findings, untried };
}
