// `incident show`: one, or all of them, newest first.
import { call, incidentRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { IncidentOptions } from './command.ts';
import { linesOf, sayIncident } from './say.ts';

export async function run(
  { home, out }: Session,
  options: IncidentOptions,
  id?: string,
): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  if (id !== undefined) {
    return sayIncident(out, await call(client, incidentRoutes.incident, { params: { id } }));
  }
  const { incidents } = await call(client, incidentRoutes.incidents, {});
  const lines = incidents.flatMap(linesOf);
  out.print({ incidents }, lines.length > 0 ? lines : ['There are no incidents.']);
}
