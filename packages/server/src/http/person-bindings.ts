// What the persons of the charter are answered.
import { certifiedUntilMs, type Person } from '@handrail/core/statement';
import { personRoutes } from '@handrail/core/wire';
import { jobOf, resultOf } from '../catalog/mine.ts';
import { addModel, decideModel, listModels } from '../catalog/models.ts';
import {
  buildRelease,
  exportRelease,
  listReleases,
  rebuildRelease,
  visibleRelease,
} from '../catalog/releases.ts';
import type { ServerContext } from '../context.ts';
import { allows, personAsking } from '../governance/access.ts';
import { decideOn, pendingDecisions } from '../governance/decisions.ts';
import {
  approveGrant,
  listGrants,
  requestGrant,
  revokeGrant,
  viewGrant,
} from '../governance/grants.ts';
import { declare, programmeState } from '../governance/halts.ts';
import { decideHold, listHolds } from '../governance/holds.ts';
import { instantOf } from '../governance/instant.ts';
import { approveManifest, proposeManifest } from '../governance/manifests.ts';
import { answerObjection, listObjections } from '../governance/objections.ts';
import type { KnownManifest } from '../governance/programme.ts';
import { chunkOf, endReading, openReading } from '../reading/reading.ts';
import { type Binding, forPerson } from './binding.ts';

export function personBindings(context: ServerContext): readonly Binding[] {
  return [...decisions(context), ...grants(context), ...readings(context), ...releases(context)];
}

function decisions(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  return [
    forPerson(routes.setManifest, ({ body }, who) => proposeManifest(context, body.statement, who)),
    forPerson(routes.approveManifest, ({ body, param }, who) =>
      approveManifest(context, param('id'), body.statement, who),
    ),
    forPerson(routes.manifests, async (_call, who) => ({ manifests: manifestsFor(context, who) })),
    forPerson(routes.declare, ({ body }, who) => declare(context, body.statement, who)),
    forPerson(routes.decide, ({ body }, who) => decideOn(context, body, who)),
    forPerson(routes.decisions, async () => whereItStands(context)),
    forPerson(routes.decideHold, ({ body }, who) => decideHold(context, body.statement, who)),
    forPerson(routes.holds, async (_call, who) => ({ holds: await listHolds(context, who) })),
    forPerson(routes.programmeState, async () => programmeState(context)),
  ];
}

async function whereItStands(context: ServerContext) {
  const { charter, fingerprint, decided } = context.programme.inForce;
  const { phase, policy = null } = decided.standing;
  const certified = charter.payload.persons.map((person) => ({
    person: person.id,
    until: instantOf(certifiedUntilMs(decided.standing, person)),
  }));
  const pending = [...(await pendingDecisions(context))];
  return { pending, phase, charter, fingerprint, policy, certified };
}

/** Newest first. */
function manifestsFor(context: ServerContext, who: Person): KnownManifest[] {
  const { programme } = context.charter.payload;
  if (!allows(context, personAsking(who), { action: 'manifest.list', programme })) return [];
  return [...context.programme.inForce.manifests.values()].reverse();
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

function readings(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  return [
    forPerson(routes.openReading, ({ body }, { id: requester, publicKey: key }) =>
      openReading(context, body.session, { requester, key }),
    ),
    forPerson(routes.chunk, ({ param }, who) =>
      chunkOf(context, personAsking(who), param('id'), param('number')),
    ),
    forPerson(routes.endReading, async ({ param }, who) => {
      await endReading(context, personAsking(who), param('id'));
      return undefined;
    }),
  ];
}

function releases(context: ServerContext): readonly Binding[] {
  const routes = personRoutes;
  return [
    forPerson(routes.buildRelease, ({ body }, who) =>
      buildRelease(context, who, body.grant, body.recipe),
    ),
    forPerson(routes.releases, async (_call, who) => ({
      releases: await listReleases(context, who),
    })),
    forPerson(routes.release, ({ param }, who) => visibleRelease(context, who, param('id'))),
    forPerson(routes.exportRelease, ({ body, param }, who) =>
      exportRelease(context, who, param('id'), body),
    ),
    forPerson(routes.models, ({ param }, who) => listModels(context, who, param('id'))),
    forPerson(routes.addModel, ({ body, param }, who) =>
      addModel(context, who, param('id'), body.statement),
    ),
    forPerson(routes.decideModel, ({ body, param }, who) =>
      decideModel(context, who, param('digest'), body.statement),
    ),
    forPerson(routes.rebuildRelease, ({ body, param }, who) =>
      rebuildRelease(context, who, param('id'), body),
    ),
    forPerson(routes.objections, (_call, who) => listObjections(context, who)),
    forPerson(routes.answerObjection, ({ body, param }, who) =>
      answerObjection(context, param('digest'), body.statement, who),
    ),
    forPerson(routes.job, ({ param }, who) => jobOf(context, personAsking(who), param('id'))),
    forPerson(routes.result, ({ param }, who) => resultOf(context, personAsking(who), param('id'))),
  ];
}
