// What the blast radius is about: what is kept, and what left as a release or an export, with the
// models that were trained on it. Rows are read page by page, so that nobody waits for all of them.

import type { BlastRadiusView } from '@handrail/core/wire';
import { type Job, jobSchema, releaseFactsSchema } from '@handrail/core/wire';
import {
  type Artifact,
  type BlastRadius,
  type History,
  nameOf,
  overlap,
  type Read,
} from '@handrail/policy/blast-radius';
import type { GrantFacts, ReadByGrant } from '@handrail/policy/question';
import { modelsOf } from '../catalog/models.ts';
import type { ServerContext } from '../context.ts';
import { grantFacts } from './access.ts';
import { grantNow } from './grants.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const hourMs = 3_600_000;
const pageRows = 2_000;
const rowsMax = 200_000;
const releasesMax = 1_000;
/** Where all of it lies, as probes name it. */
export const store = 'objects';

/** Segments, trajectories and what was sealed to somebody, exports among that. */
export async function keptIn(context: ServerContext, span: Span): Promise<Artifact[]> {
  const { db } = context;
  const common = { ...span, store };
  const grants = await grantsFor(context, span);
  const trajectories = await paged((after) =>
    db
      .selectFrom('trajectory')
      .select(['id', 'pseudonym as owner'])
      .where('removed', '=', false)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute(),
  );
  const segments = await paged((after) =>
    db
      .selectFrom('segment')
      .select(['id', 'pseudonym as owner'])
      .where('stored', '=', true)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute(),
  );
  const results = await paged((after) =>
    db
      .selectFrom('job')
      .select(['id', 'requester as owner'])
      .where('result', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute(),
  );
  return [
    ...trajectories.map((trajectory): Artifact => {
      const { id, owner } = trajectory;
      const byGrant = (grants.get(id) ?? []).map(
        (grant) => ({ action: 'trajectory.read', grant, trajectory: namedBy(id, owner) }) as const,
      );
      return { ...common, id, readings: [{ action: 'trajectory.open', trajectory }, ...byGrant] };
    }),
    ...segments.map((recording): Artifact => {
      const { id, owner } = recording;
      const byGrant = (grants.get(id) ?? []).map(
        (grant) => ({ action: 'recording.read', grant, recording: namedBy(id, owner) }) as const,
      );
      return { ...common, id, readings: [{ action: 'quarantine.open', recording }, ...byGrant] };
    }),
    ...results.map(({ id, owner }): Artifact => {
      const reading = { action: 'result.read', job: { id, owner: owner ?? '' } } as const;
      return { ...common, id, readings: [reading] };
    }),
  ];
}

/** Grants to read, by what they name; see `stateSince` for how they count. */
async function grantsFor(context: ServerContext, span: Span): Promise<Map<string, GrantFacts[]>> {
  const rows = await paged((after) =>
    context.db
      .selectFrom('grant_request')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute(),
  );
  const found = new Map<string, GrantFacts[]>();
  for (const { id } of rows) {
    const now = await grantNow(context, id);
    if (now === undefined || 'recipe' in now.grant.scope) continue;
    const { scope } = now.grant;
    const facts = grantFacts(context, now.grant, stateSince(now, span));
    for (const named of 'segments' in scope ? scope.segments : scope.trajectories) {
      found.set(named, [...(found.get(named) ?? []), facts]);
    }
  }
  return found;
}

/** Whose consent is late now may have been in time then. */
function namedBy(id: string, pseudonym: string): ReadByGrant {
  return { id, owner: { kind: 'participant', pseudonym, consents: true }, inScope: true };
}

async function paged<R extends { readonly id: string }>(
  page: (after: string) => Promise<readonly R[]>,
): Promise<R[]> {
  const rows: R[] = [];
  for (;;) {
    const more = await page(rows.at(-1)?.id ?? '');
    rows.push(...more);
    if (more.length < pageRows || rows.length >= rowsMax) return rows;
  }
}

export interface Outgoing {
  readonly artifacts: readonly Artifact[];
  readonly releases: readonly { readonly id: string; readonly state: string }[];
}

/** Releases. A grant that was approved at any time since counts as approved for all of it. */
export async function outgoingIn(context: ServerContext, span: Span): Promise<Outgoing> {
  const rows = await context.db
    .selectFrom('release')
    .select('facts')
    .orderBy('ordinal', 'desc')
    .limit(releasesMax)
    .execute();
  const releases = rows.map(({ facts }) => releaseFactsSchema.parse(JSON.parse(facts)));
  const built = releases.filter(({ manifestDigest }) => manifestDigest !== undefined);
  const artifacts: Artifact[] = [];
  for (const { id, grant } of built) {
    const now = await grantNow(context, grant);
    if (now === undefined) continue;
    const { recipe, ...facts } = grantFacts(context, now.grant, stateSince(now, span));
    const reading = { action: 'release.export', grant: { ...facts, recipe }, recipe } as const;
    artifacts.push({ ...span, store, id, readings: [reading] });
  }
  return { artifacts, releases: built.map(({ id, state }) => ({ id, state })) };
}

type Standing = NonNullable<Awaited<ReturnType<typeof grantNow>>>;

function stateSince({ state, grant, approvals }: Standing, { fromMs }: Span): Standing['state'] {
  if (state === 'requested') return state;
  // When it was revoked is not asked: until it ran out it may have stood.
  const times = approvals.map(({ payload }) => Date.parse(payload.at));
  return Math.max(...times) + grant.hours * hourMs > fromMs ? 'approved' : state;
}

/** Results that persons fetched, and the releases that exports are of; timed as their jobs are. */
export async function readsIn({ db, charter }: ServerContext, span: Span): Promise<Read[]> {
  const rows = await paged((after) =>
    db
      .selectFrom('job')
      .select(['id', 'requester', 'ended_at', 'body'])
      .where('result', 'is not', null)
      .where('ended_at', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute(),
  );
  const people = new Set(charter.payload.persons.map(({ id }) => id));
  return rows.flatMap(({ id, requester, ended_at: endedAt, body }) => {
    const atMs = (endedAt ?? 0) * 1000;
    if (requester === null || !people.has(requester)) return [];
    if (atMs < span.fromMs || atMs > span.toMs) return [];
    const release = releaseIn(jobSchema.parse(JSON.parse(body)));
    return [id, ...release].map((artifact) => ({ atMs, by: requester, artifact }));
  });
}

function releaseIn(job: Job): string[] {
  return job.kind === 'export' ? [job.release] : [];
}

/** Of each release: who could have exported it, who did, and what was trained on it. */
export async function outgoingReach(
  context: ServerContext,
  { identities, artifacts, periods, reads }: History,
  { may }: BlastRadius,
  releases: Outgoing['releases'],
): Promise<BlastRadiusView['outgoing']> {
  const places = new Map(artifacts.map(({ id }, at) => [id, at]));
  const reach: BlastRadiusView['outgoing'] = [];
  for (const { id, state } of releases) {
    const place = places.get(id);
    const artifact = artifacts[place ?? -1];
    if (place === undefined || artifact === undefined) continue;
    const during = [...periods.entries()].filter(([, period]) => overlap(period, artifact));
    const could = identities.filter((_, who) => during.some(([at]) => may(who, place, at)));
    const exports = reads.filter((read) => read.artifact === id);
    const models = await modelsOf(context, id);
    reach.push({
      ...{ release: id, state, models },
      couldHaveExported: could.map(nameOf),
      fromStorage: during.some(([, { openStores }]) => openStores.includes(artifact.store)),
      didExport: [...new Set(exports.map(({ by }) => by))],
      exports: exports.length,
    });
  }
  return reach;
}
