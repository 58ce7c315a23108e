// `probe run`: one round. What succeeds opens an incident, which halts the programme, before
// anything else is done about it.
import { resolve } from 'node:path';
import { parseInvite } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { sign } from '@handrail/core/statement';
import { call, incidentRoutes } from '@handrail/core/wire';
import { type Desk, openDesk } from '../../home/desk.ts';
import { alarm } from '../../prober/alarm.ts';
import type { Folders } from '../../prober/permissions.ts';
import { probeRound } from '../../prober/round.ts';
import type { Session } from '../../session.ts';
import { layoutOf } from '../up/layout.ts';
import type { ProbeOptions } from './command.ts';

export async function run(session: Session, options: ProbeOptions): Promise<number> {
  const { out, home } = session;
  const desk = await openDesk(home, options.url);
  const report = await out.during('Probing', probeRound(inputOf(desk, home, options)));
  const incident = report.findings.length > 0 ? await alarm(desk, report) : undefined;
  const body = { report: await sign(report, desk.signer) };
  const { index } = await call(desk.client, incidentRoutes.reportProbes, { body });
  const { startedAt, endedAt, paths, findings, untried } = report;
  const tried = paths.reduce((sum, { denied }) => sum + denied, findings.length);
  const lines = [
    `${tried} probes on ${paths.length} ways, ledger entry ${index}: ${findings.length} open.`,
    ...findings.map(({ path, identity, what }) => `OPEN (${what}) to ${identity}: ${path}`),
    ...untried.map((path) => `NOT TRIED: ${path}`),
    ...(incident === undefined ? [] : [`Incident ${incident}: the programme is halted.`]),
  ];
  const told = { index, startedAt, endedAt, tried, ways: paths.length, findings, untried };
  out.print({ ...told, incident: incident ?? null }, lines);
  if (findings.length > 0) return 1;
  return untried.length > 0 ? 3 : 0;
}

function inputOf({ person, charter, client }: Desk, home: string, options: ProbeOptions) {
  const known = person.programme;
  const url = options.url ?? known?.url;
  if (person.role !== 'prober' || url === undefined || known === undefined) {
    throw new HandrailError('usage.invalid', 'Name the --home of the prober of a programme.');
  }
  const invite = options.invite === undefined ? undefined : parseInvite(options.invite);
  const place = { url, fingerprint: known.fingerprint, home, invite };
  return { place, programme: charter.programme, client, folders: foldersOf(options.data) };
}

function foldersOf(data: string | undefined): Folders | undefined {
  if (data === undefined) return undefined;
  const layout = layoutOf(resolve(data));
  return { data: layout.data, vault: layout.vaultHome, people: layout.people };
}
