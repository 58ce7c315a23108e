// What is known of an incident: whom it may concern, how many agents have stopped, and what is
// missing to close it. Counts of people start at k; their pseudonyms are for who leads.
import {
  incidentClosedSchema,
  incidentOpenedSchema,
  type Person,
  severityMax,
  signedSchema,
} from '@handrail/core/statement';
import type { IncidentReport, IncidentView } from '@handrail/core/wire';
import type { Selectable } from 'kysely';
import type { ServerContext } from '../context.ts';
import type { IncidentTable, ParticipantRow } from '../storage/tables.ts';
import { instantOf } from './instant.ts';
import { lastRound } from './probes.ts';

const hourMs = 3_600_000;
const notifyHours = 72;
const incidentsShown = 100;
const releasesShown = 1_000;

type IncidentRow = Selectable<IncidentTable>;
const openedIn = signedSchema(incidentOpenedSchema);
const closedIn = signedSchema(incidentClosedSchema);

export async function incidentRow(
  { db }: ServerContext,
  id: string,
): Promise<IncidentRow | undefined> {
  return db.selectFrom('incident').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first. */
export async function incidentRows({ db }: ServerContext): Promise<IncidentRow[]> {
  return db
    .selectFrom('incident')
    .selectAll()
    .orderBy('leaf', 'desc')
    .limit(incidentsShown)
    .execute();
}

export function sinceOf({ opened }: IncidentRow): string {
  return openedIn.parse(JSON.parse(opened)).payload.since;
}

/** Whether anything but a note is open. */
export async function isAnyOpen({ db }: ServerContext): Promise<boolean> {
  const row = await db
    .selectFrom('incident')
    .select('id')
    .where('closed_at', 'is', null)
    .where('severity', '<', severityMax)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export async function viewOf(
  context: ServerContext,
  row: IncidentRow,
  caller: Person,
): Promise<IncidentView> {
  const { severity, cause, what, since } = openedIn.parse(JSON.parse(row.opened)).payload;
  const probes = (await lastRound(context)) ?? null;
  return {
    id: row.id,
    severity,
    cause,
    what,
    since,
    openedAt: row.opened_at,
    notifyBy: instantOf(Date.parse(row.opened_at) + notifyHours * hourMs),
    closedAt: row.closed_at,
    halted: context.programme.inForce.halted,
    agents: agentsOf(context),
    affected: await affectedBy(context, caller),
    missing: row.closed_at === null ? missing(row.opened_at, probes) : [],
    probes,
  };
}

/** Of the agents that had leave to capture when the programme was halted. */
function agentsOf({ programme, leases, nowMs, charter }: ServerContext): IncidentView['agents'] {
  const { halted, standing } = programme.inForce;
  if (!halted || standing === undefined) {
    return { counted: null, stopped: null, allStopped: false, lastLeaseEnds: null };
  }
  const { counted, stopped, lastEndsMs } = leases.since(Date.parse(standing.payload.at), nowMs());
  const isShown = counted >= charter.payload.k;
  return {
    counted: isShown ? counted : null,
    stopped: isShown ? stopped : null,
    allStopped: stopped === counted,
    lastLeaseEnds: lastEndsMs === undefined ? null : instantOf(lastEndsMs),
  };
}

/** Everybody of whom something lies here, and what left: the bound of any exposure. */
async function affectedBy(
  context: ServerContext,
  caller: Person,
): Promise<IncidentView['affected']> {
  const { db, charter } = context;
  const pseudonyms = await pseudonymsHere(context);
  const trajectories = await db
    .selectFrom('trajectory')
    .select(({ fn }) => fn.countAll().as('all'))
    .where('removed', '=', false)
    .executeTakeFirstOrThrow();
  const releases = await db
    .selectFrom('release')
    .select('id')
    .orderBy('ordinal', 'desc')
    .limit(releasesShown)
    .execute();
  const exports = await db
    .selectFrom('job')
    .select(({ fn }) => fn.countAll().as('all'))
    .where('kind', '=', 'export')
    .where('state', '=', 'done')
    .executeTakeFirstOrThrow();
  const isShown = pseudonyms.length >= charter.payload.k;
  return {
    participants: isShown ? pseudonyms.length : null,
    pseudonyms: caller.role === 'incident' ? pseudonyms : [],
    trajectories: isShown ? Number(trajectories.all) : null,
    releases: releases.map(({ id }) => id),
    exports: Number(exports.all),
  };
}

async function pseudonymsHere({ db }: ServerContext): Promise<string[]> {
  const rows = await db
    .selectFrom('trajectory')
    .select('pseudonym')
    .where('removed', '=', false)
    .union(db.selectFrom('segment').select('pseudonym').where('stored', '=', true))
    .execute();
  return rows.map(({ pseudonym }) => pseudonym).sort();
}

function missing(openedAt: string, last: IncidentView['probes']): string[] {
  if (last === null || last.startedAt < openedAt)
    return ['probes have not run since it was opened'];
  const reasons: string[] = [];
  if (last.findings > 0) reasons.push(`the last probes found ${last.findings} ways open`);
  if (last.untried > 0) reasons.push(`the last probes could not try ${last.untried} ways`);
  return reasons;
}

/** Newest first; nothing of it is about anyone. */
export async function publicReports(context: ServerContext): Promise<IncidentReport[]> {
  return (await incidentRows(context)).map(reportOf);
}

/** Reports of what happened since `participant` gave something that is still here. */
export async function noticesFor(
  context: ServerContext,
  { pseudonym }: ParticipantRow,
): Promise<IncidentReport[]> {
  const isHere = (await pseudonymsHere(context)).includes(pseudonym);
  if (!isHere) return [];
  const reports = await publicReports(context);
  return reports.filter(({ severity }) => severity < severityMax);
}

function reportOf({
  id,
  severity,
  opened_at,
  closed_at,
  opened,
  closed,
}: IncidentRow): IncidentReport {
  const closing = closed === null ? null : closedIn.parse(JSON.parse(closed)).payload;
  return {
    id,
    severity,
    since: openedIn.parse(JSON.parse(opened)).payload.since,
    openedAt: opened_at,
    closedAt: closed_at,
    closing: closing && {
      exposed: closing.exposed,
      controlsFailed: [...closing.controlsFailed],
      accessChanged: closing.accessChanged,
      retentionChanged: closing.retentionChanged,
      fixedAt: closing.fixedAt,
      probes: closing.probes,
    },
  };
}
