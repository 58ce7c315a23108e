// What a list shows is exactly what a get would show, to everyone, whatever the facts are.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { type Recipe, recipeDigest, sign } from '@handrail/core/statement';
import { personRoutes, type ReleaseFacts, vaultRoutes } from '@handrail/core/wire';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
import {
  type Actor,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

const recipe: Recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 100 };
const grantsMax = 24;
let folder: string;
let sample: SampleProgramme;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-'));
  sample = await sampleProgramme(folder);
  server = await startServer({ ...sample.settings, jobRetrySeconds: 0 });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

/** Who asks, how far the request came, and what became of a release under it. */
const factsOfOne = fc.record({
  holder: fc.constantFrom('researcher', 'incident', 'steward', 'officer'),
  approvals: fc.subarray(['steward', 'officer'] as const),
  revoked: fc.boolean(),
  release: fc.constantFrom('none', 'building', 'published', 'failed', 'superseded'),
});
type Facts = typeof factsOfOne extends fc.Arbitrary<infer F> ? F : never;

async function establish(facts: Facts): Promise<void> {
  const holder = sample[facts.holder];
  const scope = { recipe, recipeDigest: recipeDigest(recipe) };
  const asked = await sampleGrant(sample, { holder: holder.id, tier: 'release', scope });
  await requestGrant(server.url, { ...sample, researcher: holder }, asked);
  const approving = facts.approvals.filter((role) => role !== facts.holder);
  for (const role of approving) await approveGrant(server.url, sample[role], asked);
  const body = { grant: asked.id, recipe };
  if (facts.release !== 'none' && approving.length === 2) {
    const { release } = await callAs(server.url, holder, personRoutes.buildRelease, { body });
    const told: ReleaseFacts = { id: release, ...body, recipe, state: facts.release };
    await callAs(server.url, sample.vault, vaultRoutes.released, {
      params: { id: release },
      body: told,
    });
  }
  if (!facts.revoked) return;
  const { programme } = sample.charter.payload;
  const revocation = {
    v: 1,
    kind: 'revocation',
    programme,
    at: instant(),
    grant: asked.id,
  } as const;
  await callAs(server.url, holder, personRoutes.revokeGrant, {
    params: { id: asked.id },
    body: { revocation: await sign(revocation, holder.signer) },
  });
}

async function isShown(who: Actor, kind: 'grant' | 'release', id: string): Promise<boolean> {
  try {
    const call = { params: { id } };
    if (kind === 'grant') await callAs(server.url, who, personRoutes.grant, call);
    else await callAs(server.url, who, personRoutes.release, call);
    return true;
  } catch (error) {
    if (error instanceof HandrailError && error.code === 'not.found') return false;
    throw error;
  }
}

test('grants and releases are listed exactly where they are shown one by one', async () => {
  for (const facts of fc.sample(factsOfOne, grantsMax)) await establish(facts);
  const people = ['steward', 'officer', 'researcher', 'incident'] as const;
  const listedTo = async (who: Actor) => {
    const { grants } = await callAs(server.url, who, personRoutes.grants);
    const { releases } = await callAs(server.url, who, personRoutes.releases);
    return {
      grant: new Set(grants.map(({ grant }) => grant.id)),
      release: new Set(releases.map(({ id }) => id)),
    };
  };
  const lists = await Promise.all(people.map((role) => listedTo(sample[role])));
  const known = {
    grant: new Set(lists.flatMap(({ grant }) => [...grant])),
    release: new Set(lists.flatMap(({ release }) => [...release])),
  };
  expect(known.grant.size).toBe(grantsMax);
  let hidden = 0;
  for (const [at, role] of people.entries()) {
    for (const kind of ['grant', 'release'] as const) {
      for (const id of known[kind]) {
        const listed = lists[at]?.[kind].has(id) ?? false;
        hidden += listed ? 0 : 1;
        expect([role, kind, listed]).toEqual([role, kind, await isShown(sample[role], kind, id)]);
      }
    }
  }
  expect(hidden, 'some may not see all').toBeGreaterThan(0);
});
