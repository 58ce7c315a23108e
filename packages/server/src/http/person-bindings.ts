// What the persons of the charter are answered.
import { personRoutes } from '@handrail/core/wire';
import { jobOf, resultOf } from '../catalog/mine.ts';
import {
  buildRelease,
  exportRelease,
  listReleases,
  oneRelease,
  rebuildRelease,
} from '../catalog/releases.ts';
import type { ServerContext } from '../context.ts';
import {
  approveGrant,
  listGrants,
  requestGrant,
  revokeGrant,
  viewGrant,
} from '../governance/grants.ts';
import { declare } from '../governance/halts.ts';
import { approveManifest, proposeManifest } from '../governance/manifests.ts';
import { type Binding, forPerson } from './binding.ts';

export function personBindings(context: ServerContext): readonly Binding[] {
  return [...decisions(context), ...grants(context), ...releases(context)];
}

function decisions(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  const { programme } = context;
  return [
    forPerson(routes.setManifest, ({ body }, who) => proposeManifest(context, body.statement, who)),
    forPerson(routes.approveManifest, ({ body, param }, who) =>
      approveManifest(context, param('id'), body.statement, who),
    ),
    forPerson(routes.manifests, async () => ({
      manifests: [...programme.inForce.manifests.values()].reverse(),
    })),
    forPerson(routes.declare, ({ body }, who) => declare(context, body.statement, who)),
  ];
}

function grants(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  return [
    forPerson(routes.requestGrant, ({ body }, who) => requestGrant(context, body.grant, who)),
    forPerson(routes.grants, async (_call, who) => ({
      grants: [...(await listGrants(context, who))],
    })),
    forPerson(routes.grant, ({ param }, who) => viewGrant(context, param('id'), who)),
    forPerson(routes.approveGrant, ({ body, param }, who) =>
      approveGrant(context, param('id'), body.approval, who),
    ),
    forPerson(routes.revokeGrant, ({ body, param }, who) =>
      revokeGrant(context, param('id'), body.revocation, who),
    ),
  ];
}

function releases(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  return [
    forPerson(routes.buildRelease, ({ body }, who) =>
      buildRelease(context, who, body.grant, body.recipe),
    ),
    forPerson(routes.releases, async () => ({ releases: await listReleases(context) })),
    forPerson(routes.release, ({ param }) => oneRelease(context, param('id'))),
    forPerson(routes.exportRelease, ({ body, param }, who) =>
      exportRelease(context, who, param('id'), body),
    ),
    forPerson(routes.rebuildRelease, ({ body, param }, who) =>
      rebuildRelease(context, who, param('id'), body),
    ),
    forPerson(routes.job, ({ param }, who) => jobOf(context, who.id, param('id'))),
    forPerson(routes.result, ({ param }, who) => resultOf(context, who.id, param('id'))),
  ];
}
