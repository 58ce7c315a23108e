// `incident report`: what everyone may read; and, for auditors, the statements and probes behind it
// with proofs that they stand in the ledger, signed by whoever gathered them.
import { HandrailError } from '@handrail/core/errors';
import { sign } from '@handrail/core/statement';
import { call, type IncidentReport, incidentRoutes, ledgerReader } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import { proofsOf } from '../../home/ledger-proofs.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
import type { Session } from '../../session.ts';
import type { ReportOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: ReportOptions,
  id = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { reports } = await call(client, incidentRoutes.report, {});
  const report = reports.find((one) => one.id === id);
  if (report === undefined) throw new HandrailError('not.found', 'There is no such incident.');
  if (options.evidence === undefined) {
    out.print(report, linesOf(report));
    return;
  }
  const evidence = await call(client, incidentRoutes.evidence, { params: { id } });
  const reader = ledgerReader(client);
  const places = [...evidence.statements, ...evidence.reports].map(({ index }) => index);
  const { checkpoint, proofs } = await proofsOf(reader, charter, places);
  const bundle = { v: 1, kind: 'incident-evidence', report, ...evidence, checkpoint, proofs };
  const file = await writeOwnerFile(options.evidence, JSON.stringify(await sign(bundle, signer)));
  out.print({ ...report, evidence: file, proofs: proofs.length }, [
    ...linesOf(report),
    `Evidence with ${proofs.length} proofs: ${file}`,
  ]);
}

function linesOf({ id, severity, openedAt, closedAt, closing }: IncidentReport): string[] {
  const head = `${id}: severity ${severity}, opened ${openedAt}`;
  if (closing === null) return [`${head}; it is open.`];
  return [
    `${head}, closed ${closedAt}.`,
    `Exposed: ${closing.exposed}`,
    ...closing.controlsFailed.map((control) => `Failed: ${control}`),
    `Access: ${closing.accessChanged}`,
    `Retention: ${closing.retentionChanged}`,
    `Mended ${closing.fixedAt}; probes found nothing since (ledger entry ${closing.probes}).`,
  ];
}
