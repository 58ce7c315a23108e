// `incident open`: the halt goes with it, so that stopping waits for nothing.
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { type IncidentOpened, severityMax, sign } from '@handrail/core/statement';
import { call, incidentRoutes, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { OpenOptions } from './command.ts';
import { sayIncident } from './say.ts';

export async function run({ home, out }: Session, options: OpenOptions): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { programme } = charter;
  const { severity, what, since } = options;
  const at = instantNow();
  const incident: IncidentOpened = {
    ...{ v: 1, kind: 'incident-opened', programme, incident: idOf('inc', randomBytes(32)), at },
    ...{ severity, cause: 'person', what, since: since ?? at },
  };
  const { programmeEpoch } = await call(client, personRoutes.programmeState, {});
  const halt = { v: 1, kind: 'halt', programme, programmeEpoch: programmeEpoch + 1, at } as const;
  const body = {
    incident: await sign(incident, signer),
    halt: severity < severityMax ? await sign(halt, signer) : null,
  };
  return sayIncident(out, await call(client, incidentRoutes.openIncident, { body }));
}
