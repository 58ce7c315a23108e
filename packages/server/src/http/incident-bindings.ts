// What probes, commanders, devices and everyone are answered about incidents, and auditors about
// the ledger.
import { auditRoutes, incidentRoutes } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { auditFrom } from '../governance/audit.ts';
import { blastRadiusOf } from '../governance/blast-radius.ts';
import { evidenceOf } from '../governance/evidence.ts';
import { noticesFor, publicReports } from '../governance/incident-view.ts';
import {
  closeIncident,
  listIncidents,
  openIncident,
  viewIncident,
} from '../governance/incidents.ts';
import { probeStorage, probeTargets } from '../governance/probe-targets.ts';
import { probeBoard, reportProbes } from '../governance/probes.ts';
import { type Binding, forAnyone, forDevice, forPerson } from './binding.ts';

export function incidentBindings(context: ServerContext): readonly Binding[] {
  const routes = incidentRoutes;
  return [
    forPerson(routes.probeTargets, (_call, who) => probeTargets(context, who)),
    forPerson(routes.probeStorage, (_call, who) => probeStorage(context, who)),
    forPerson(routes.reportProbes, ({ body }, who) => reportProbes(context, body.report, who)),
    forPerson(routes.probeBoard, (_call, who) => probeBoard(context, who)),
    forPerson(routes.openIncident, ({ body }, who) => openIncident(context, body, who)),
    forPerson(routes.incidents, async (_call, who) => ({
      incidents: await listIncidents(context, who),
    })),
    forPerson(routes.incident, ({ param }, who) => viewIncident(context, param('id'), who)),
    forPerson(routes.closeIncident, ({ body, param }, who) =>
      closeIncident(context, param('id'), body.closing, who),
    ),
    forPerson(routes.blastRadius, ({ param }, who) => blastRadiusOf(context, param('id'), who)),
    forPerson(routes.evidence, ({ param }, who) => evidenceOf(context, param('id'), who)),
    forPerson(auditRoutes.entries, ({ param }, who) => auditFrom(context, param('index'), who)),
    forAnyone(routes.report, async () => ({ reports: await publicReports(context) })),
    forDevice(routes.notices, async (_call, who) => ({
      notices: await noticesFor(context, who),
    })),
  ];
}
