// The evidence of an incident: the signed statements and the probes' reports of its time, each with
// the place of its ledger entry, so that it can be checked without this server.
import {
  type Person,
  probeReportSchema,
  signedSchema,
  statementDigest,
} from '@handrail/core/statement';
import { notFound } from '../catalog/mine.ts';
import type { ServerContext } from '../context.ts';
import { incidentRow } from './incident-view.ts';
import { requireMay } from './probes.ts';

const statementsMax = 1_000;
const reportsMax = 200;
const signedReport = signedSchema(probeReportSchema);

/** Throws `access.denied`, `not.found`. */
export async function evidenceOf(context: ServerContext, id: string, caller: Person) {
  requireMay(context, caller, 'incident.investigate');
  const incident = await incidentRow(context, id);
  if (incident === undefined) throw notFound();
  const { db, statements } = context;
  const rows = await db
    .selectFrom('statement')
    .select('leaf')
    .where('kind', 'in', ['halt', 'resume', 'incident-opened', 'incident-closed', 'charter'])
    .orderBy('leaf')
    .limit(statementsMax)
    .execute();
  const kept: { index: number; digest: string; salt: string; statement: unknown }[] = [];
  for (const { leaf: index } of rows) {
    const one = await statements.behind(index);
    if (one === undefined) continue;
    const { salt, statement } = one;
    kept.push({ index, digest: statementDigest(statement), salt, statement });
  }
  const reports = await db
    .selectFrom('probe_round')
    .select(['leaf as index', 'report'])
    .orderBy('leaf', 'desc')
    .limit(reportsMax)
    .execute();
  return {
    statements: kept,
    reports: reports.map(({ index, report }) => {
      return { index, report: signedReport.parse(JSON.parse(report)) };
    }),
  };
}
