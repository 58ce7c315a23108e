// Releases: built, rebuilt and exported by the vault under a grant of tier release whose approved
// bytes name the recipe.
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { type Person, type Recipe, recipeDigest } from '@handrail/core/statement';
import {
  type ExportFormat,
  type Job,
  type ReleaseFacts,
  releaseFactsSchema,
} from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import { allowedOf, allows, grantFacts, personAsking } from '../governance/access.ts';
import { grantFile, viewGrant } from '../governance/grants.ts';
import { requireRunning } from '../governance/running.ts';
import { notFound } from './mine.ts';

const candidatesMax = 100_000;
const releasesListedMax = 1_000;

/** Throws `access.denied` unless the caller holds an approved grant for exactly this recipe. */
export async function buildRelease(
  context: ServerContext,
  caller: Person,
  grant: string,
  recipe: Recipe,
): Promise<{ job: string; release: string }> {
  await requireGrant(context, 'release.build', caller, grant, recipe);
  const candidates = await candidatesFor(context, recipe);
  const release = idOf('rel', context.randomBytes(32));
  await context.facts.record({
    kind: 'release',
    facts: { id: release, grant, recipe, state: 'building' },
  });
  const job = await ask(context, caller, { kind: 'build', release, grant, recipe, candidates });
  return { job, release };
}

export async function exportRelease(
  context: ServerContext,
  caller: Person,
  id: string,
  { grant, format }: { readonly grant: string; readonly format: ExportFormat },
): Promise<{ job: string }> {
  const release = await publishedRelease(context, caller, id);
  await requireGrant(context, 'release.export', caller, grant, release.recipe);
  return { job: await ask(context, caller, { kind: 'export', release: id, grant, format }) };
}

export async function rebuildRelease(
  context: ServerContext,
  caller: Person,
  id: string,
  { grant, workers }: { readonly grant: string; readonly workers: number },
): Promise<{ job: string }> {
  const release = await publishedRelease(context, caller, id);
  await requireGrant(context, 'release.rebuild', caller, grant, release.recipe);
  return { job: await ask(context, caller, { kind: 'rebuild', release: id, grant, workers }) };
}

/** Newest first: those that a get would show to `caller`. */
export async function listReleases(
  context: ServerContext,
  caller: Person,
): Promise<ReleaseFacts[]> {
  const by = personAsking(caller);
  const { programme } = context.charter.payload;
  if (!allows(context, by, { action: 'release.list', programme })) return [];
  const rows = await context.db
    .selectFrom('release')
    .leftJoin('grant_request', 'grant_request.id', 'release.grant_id')
    .select(['facts', 'holder'])
    .orderBy('release.ordinal', 'desc')
    .limit(releasesListedMax)
    .execute();
  const releases = rows.map(({ facts, holder }) => {
    return shownTo(caller, holder, releaseFactsSchema.parse(JSON.parse(facts)));
  });
  return allowedOf(context, by, releases, viewOf);
}

/** What changes with every participant is for who has the rows anyway. */
function shownTo(caller: Person, holder: string | null, release: ReleaseFacts): ReleaseFacts {
  if (holder === caller.id) return release;
  const { rows: _, trajectories: __, ...rest } = release;
  return rest;
}

function viewOf(release: ReleaseFacts) {
  return { action: 'release.view', release } as const;
}

/** Throws `not.found`, also for what `caller` may not see. */
export async function visibleRelease(
  context: ServerContext,
  caller: Person,
  id: string,
): Promise<ReleaseFacts> {
  const release = await oneRelease(context, id);
  if (!allows(context, personAsking(caller), viewOf(release))) throw notFound();
  const file = await grantFile(context, release.grant);
  return shownTo(caller, file?.grant.payload.holder ?? null, release);
}

/** Throws `not.found`. */
export async function oneRelease({ db }: ServerContext, id: string): Promise<ReleaseFacts> {
  const row = await db
    .selectFrom('release')
    .select('facts')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return releaseFactsSchema.parse(JSON.parse(row.facts));
}

async function publishedRelease(
  context: ServerContext,
  caller: Person,
  id: string,
): Promise<ReleaseFacts> {
  const release = await visibleRelease(context, caller, id);
  if (release.state === 'published') return release;
  throw new HandrailError('state.conflict', `The release is ${release.state}.`);
}

async function requireGrant(
  context: ServerContext,
  action: 'release.build' | 'release.export' | 'release.rebuild',
  caller: Person,
  id: string,
  recipe: Recipe,
): Promise<void> {
  requireRunning(context);
  const { grant, state } = await viewGrant(context, id, caller);
  const facts = grantFacts(context, grant, state);
  const wish = { action, grant: facts, recipe: recipeDigest(recipe) };
  if (allows(context, personAsking(caller), wish)) return;
  throw new HandrailError('access.denied', 'This needs an approved grant of yours for the recipe.');
}

/** Trajectories that have at least one action context of the recipe, oldest first. */
async function candidatesFor({ db }: ServerContext, recipe: Recipe): Promise<string[]> {
  const rows = await db
    .selectFrom('trajectory')
    .innerJoin('participant', 'participant.pseudonym', 'trajectory.pseudonym')
    .select(['trajectory.id', 'trajectory.contexts'])
    .where('trajectory.removed', '=', false)
    .where('participant.state', '=', 'active')
    .orderBy('trajectory.ordinal')
    .limit(candidatesMax)
    .execute();
  return rows.filter(({ contexts }) => touches(contexts, recipe)).map(({ id }) => id);
}

function touches(contexts: string, recipe: Recipe): boolean {
  const has: readonly { readonly app: string; readonly origin?: string }[] = JSON.parse(contexts);
  return has.some(({ app, origin }) =>
    recipe.contexts.some(
      (wanted) => wanted.app === app && (wanted.origin === undefined || wanted.origin === origin),
    ),
  );
}

async function ask({ db, jobs }: ServerContext, caller: Person, job: Job): Promise<string> {
  const id = await db.transaction().execute(async (transaction) => {
    const [made] = await jobs.enqueue(transaction, [{ job, requester: caller.id }]);
    return made ?? '';
  });
  jobs.wake();
  return id;
}
