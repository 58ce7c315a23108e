// `incident close`: names the round of probes that found nothing since; the server checks it.
import { HandrailError } from '@handrail/core/errors';
import { type IncidentClosed, sign } from '@handrail/core/statement';
import { call, incidentRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { CloseOptions } from './command.ts';
import { sayIncident } from './say.ts';

export async function run(
  { home, out }: Session,
  options: CloseOptions,
  id = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const params = { id };
  const { probes } = await call(client, incidentRoutes.incident, { params });
  if (probes === null) throw new HandrailError('state.conflict', 'Run the probes first.');
  const closing: IncidentClosed = {
    ...{ v: 1, kind: 'incident-closed', programme: charter.programme, incident: id },
    ...{ at: instantNow(), fixedAt: options.fixed ?? probes.startedAt, probes: probes.index },
    ...{ exposed: options.exposed, controlsFailed: [...options.failed] },
    ...{ accessChanged: options.access, retentionChanged: options.retention },
  };
  const body = { closing: await sign(closing, signer) };
  return sayIncident(out, await call(client, incidentRoutes.closeIncident, { params, body }));
}
