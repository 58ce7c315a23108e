// What a participant's device is answered.
import { deviceRoutes } from '@handrail/core/wire';
import { erasureOf } from '../catalog/erasure.ts';
import { countSegments, jobOf, listTrajectories } from '../catalog/mine.ts';
import { tagKeysOf, tellOpenings } from '../catalog/openings.ts';
import { listQuarantine } from '../catalog/quarantine.ts';
import type { ServerContext } from '../context.ts';
import { participantAsking } from '../governance/access.ts';
import { join, stateOfMine } from '../governance/consent.ts';
import { dayKeysOf } from '../governance/day-keys.ts';
import { grantLease } from '../governance/lease.ts';
import { objectionsOf } from '../governance/objections.ts';
import { ownStatements } from '../governance/own-statements.ts';
import { takeForgotten } from '../intake/forgotten.ts';
import { chunkOf, endReading, openReading } from '../reading/reading.ts';
import { type Binding, forDevice, forNewDevice } from './binding.ts';

export function deviceBindings(context: ServerContext): readonly Binding[] {
  const routes = deviceRoutes;
  return [
    forNewDevice(routes.join, ({ body }, key) => join(context, body, key)),
    forDevice(routes.state, ({ body }, who) => stateOfMine(context, body.statement, who)),
    forDevice(routes.dayKeys, (_call, who) => dayKeysOf(context, who)),
    forDevice(routes.tagKeys, (_call, who) => tagKeysOf(context, who)),
    forDevice(routes.openings, ({ body }, who) => tellOpenings(context, who, body.entries)),
    forDevice(routes.lease, ({ body }, who) => grantLease(context, body, who)),
    forDevice(routes.putSegment, async ({ body, param }, who) => ({
      state: await context.intake.put(who, param('id'), body),
    })),
    forDevice(routes.forgotten, async ({ body, param }, who) => {
      await takeForgotten(context, who, param('session'), body);
      return undefined;
    }),
    forDevice(routes.segmentCounts, (_call, who) => countSegments(context, who)),
    forDevice(routes.trajectories, (_call, who) => listTrajectories(context, who)),
    forDevice(routes.openMine, ({ body }, { pseudonym, device_key: key }) =>
      openReading(context, body.session, { requester: pseudonym, key }),
    ),
    forDevice(routes.myChunk, ({ param }, who) =>
      chunkOf(context, participantAsking(context, who), param('id'), param('number')),
    ),
    forDevice(routes.endMine, async ({ param }, who) => {
      await endReading(context, participantAsking(context, who), param('id'));
      return undefined;
    }),
    forDevice(routes.quarantine, (_call, who) => listQuarantine(context, who)),
    forDevice(routes.myObjections, (_call, who) => objectionsOf(context, who)),
    forDevice(routes.myStatements, (_call, who) => ownStatements(context, who)),
    forDevice(routes.erasure, (_call, who) => erasureOf(context, who)),
    forDevice(routes.myJob, ({ param }, who) =>
      jobOf(context, participantAsking(context, who), param('id')),
    ),
  ];
}
