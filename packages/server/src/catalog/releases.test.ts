import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { recipeDigest, sign } from '@handrail/core/statement';
import {
  type CallInput,
  deviceRoutes,
  incidentRoutes,
  type Payload,
  type PayloadOf,
  personRoutes,
  publicRoutes,
  type ReleaseFacts,
  type Route,
  vaultRoutes,
} from '@handrail/core/wire';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
import {
  activateManifest,
  callAs,
  instant,
  joinAs,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

const recipe = { purpose: 'train-agents' as const, contexts: [{ app: 'x' }], actionsMax: 100 };
let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let grant: string;
let release: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
  server = await startServer({ ...sample.settings, jobRetrySeconds: 0 });
  grant = await approvedGrant();
  const body = { grant, recipe };
  ({ release } = await callAs(server.url, sample.researcher, personRoutes.buildRelease, { body }));
  await report({ ...factsOf(release), rows: 7, trajectories: 3, participants: 2 });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

function asVault<B extends Payload, R extends Payload>(
  route: Route<B, R>,
  input: CallInput<B> = {},
): Promise<PayloadOf<R>> {
  return callAs(server.url, sample.vault, route, input);
}

function factsOf(id: string): ReleaseFacts {
  return { id, grant, recipe, state: 'published', manifestDigest: 'ab'.repeat(32) };
}

function report(facts: ReleaseFacts): Promise<undefined> {
  return asVault(vaultRoutes.released, { params: { id: facts.id }, body: facts });
}

async function approvedGrant(): Promise<string> {
  const scope = { recipe, recipeDigest: recipeDigest(recipe) };
  const asked = await sampleGrant(sample, { tier: 'release', scope });
  await requestGrant(server.url, sample, asked);
  for (const who of [sample.steward, sample.officer]) await approveGrant(server.url, who, asked);
  return asked.id;
}

const seenBy = (who: 'steward' | 'researcher', id: string) =>
  callAs(server.url, sample[who], personRoutes.release, { params: { id } });

test('rows and trajectories are told to the holder alone, participants in steps', async () => {
  expect(await seenBy('researcher', release)).toMatchObject({ rows: 7, trajectories: 3 });
  const { rows, trajectories, participants } = await seenBy('steward', release);
  expect([rows, trajectories, participants]).toEqual([undefined, undefined, 2]);
  const listed = await callAs(server.url, sample.steward, personRoutes.releases);
  expect(listed.releases.map((one) => [one.id, one.rows])).toEqual([[release, undefined]]);
});

test('who leaves has releases reviewed, whether or not anything of theirs is in one', async () => {
  const manifest = await activateManifest(server.url, sample);
  const participant = await joinAs(server.url, sample, manifest);
  const { programme, pseudonym, consentEpoch } = participant.consent;
  const at = instant();
  const payload = { v: 1, kind: 'withdrawal', programme, pseudonym, consentEpoch, at } as const;
  const statement = await sign(payload, participant.signer);
  await callAs(server.url, participant, deviceRoutes.state, { body: { statement } });
  const kinds: string[] = [];
  for (;;) {
    const { job } = await asVault(vaultRoutes.leaseJob, { body: { seconds: 60 } });
    if (job === null) break;
    kinds.push(job.job.kind);
    await asVault(vaultRoutes.finishJob, { params: { id: job.id }, body: { outcome: 'done' } });
  }
  expect(kinds).toEqual(expect.arrayContaining(['shred', 'review-releases']));
});

test('a superseded release loses its files and cannot be exported or come back', async () => {
  const key = `releases/${release}/manifest.json`;
  await asVault(vaultRoutes.putObject, { params: { '*': key }, body: utf8('sealed') });
  const next = idOf('rel', randomBytes(32));
  await report({ ...factsOf(next), supersedes: release, rows: 5 });
  const body = { reason: 'withdrawal', supersededBy: next } as const;
  await asVault(vaultRoutes.superseded, { params: { id: release }, body });
  const facts = await seenBy('researcher', release);
  expect(facts).toMatchObject({ state: 'superseded', ...body });
  expect(facts.rows).toBeUndefined();
  expect(await seenBy('researcher', next)).toMatchObject({ supersedes: release, rows: 5 });
  await expect(asVault(vaultRoutes.getObject, { params: { '*': key } })).rejects.toMatchObject({
    code: 'not.found',
  });
  const asked = { grant, format: 'agentnet' as const };
  await expect(
    callAs(server.url, sample.researcher, personRoutes.exportRelease, {
      params: { id: release },
      body: asked,
    }),
  ).rejects.toMatchObject({ code: 'state.conflict' });
  await report(factsOf(release));
  expect(await seenBy('steward', release)).toMatchObject({ state: 'superseded' });
});

test('a model of a superseded release is open until its holder decides', async () => {
  const { programme } = sample.charter.payload;
  const common = { v: 1, programme, at: instant() } as const;
  const named = { name: 'a model', digest: 'cd'.repeat(32) };
  const added = async (who: 'researcher' | 'steward', by = sample[who].signer) => {
    const statement = await sign({ ...common, kind: 'model' as const, release, ...named }, by);
    const input = { params: { id: release }, body: { statement } };
    return callAs(server.url, sample[who], personRoutes.addModel, input);
  };
  await expect(added('steward')).rejects.toMatchObject({ code: 'access.denied' });
  const forged = added('researcher', sample.steward.signer);
  await expect(forged).rejects.toMatchObject({ code: 'signature.invalid' });
  const model = await added('researcher');
  expect(model).toMatchObject({ name: 'a model', open: true });
  const { digest } = model;
  const kept = { decision: 'keep-until', until: '2020-01-01T00:00:00Z', reason: 'x' } as const;
  const gone = { decision: 'retired', reason: 'It is deleted.' } as const;
  const decided = async (who: 'researcher' | 'steward', what: typeof kept | typeof gone) => {
    const payload = { ...common, kind: 'model-decision' as const, model: digest, ...what };
    const body = { statement: await sign(payload, sample[who].signer) };
    return callAs(server.url, sample[who], personRoutes.decideModel, { params: { digest }, body });
  };
  await expect(decided('steward', gone)).rejects.toMatchObject({ code: 'access.denied' });
  expect(await decided('researcher', kept)).toMatchObject({ open: true, ...kept });
  expect(await decided('researcher', gone)).toMatchObject({ open: false, ...gone });
  const params = { id: release };
  const { models } = await callAs(server.url, sample.steward, personRoutes.models, { params });
  expect(models).toMatchObject([{ digest, open: false, decision: 'retired' }]);
});

test('only what takes the place of a release under the same grant comes in unasked', async () => {
  const stranger = {
    ...factsOf(idOf('rel', randomBytes(32))),
    supersedes: idOf('rel', randomBytes(32)),
  };
  await expect(report(stranger)).rejects.toMatchObject({ code: 'not.found' });
  const other = { ...stranger, supersedes: release, grant: idOf('grant', randomBytes(32)) };
  await expect(report(other)).rejects.toMatchObject({ code: 'state.conflict' });
});

test('the newest list is for everybody, whatever is written later', async () => {
  const list = () => callAs(server.url, undefined, publicRoutes.releaseList);
  await expect(list()).rejects.toMatchObject({ code: 'not.found' });
  const shown: string[] = [];
  for (const number of [1, 2, 3, 2]) {
    const params = { '*': `lists/${number}` };
    await asVault(vaultRoutes.putObject, { params, body: utf8(`list ${number}`) });
    shown.push(Buffer.from(await list()).toString());
  }
  expect(shown).toEqual(['list 1', 'list 2', 'list 3', 'list 3']);
});

test('an incident says who could have exported a release, who did, and its models', async () => {
  const next = (await seenBy('researcher', release)).supersededBy ?? '';
  const asked = { params: { id: next }, body: { grant, format: 'agentnet' as const } };
  const { job } = await callAs(server.url, sample.researcher, personRoutes.exportRelease, asked);
  await asVault(vaultRoutes.leaseJob, { body: { seconds: 60 } });
  const done = { outcome: 'done', result: job } as const;
  await asVault(vaultRoutes.finishJob, { params: { id: job }, body: done });
  const incident = idOf('inc', randomBytes(32));
  const { programme } = sample.charter.payload;
  const payload = {
    ...({
      v: 1,
      kind: 'incident-opened',
      programme,
      incident,
      severity: 5,
      cause: 'person',
    } as const),
    ...{ what: 'A try.', since: instant(Date.now() - 60_000), at: instant(Date.now() + 5_000) },
  };
  const opened = { incident: await sign(payload, sample.incident.signer), halt: null };
  await callAs(server.url, sample.incident, incidentRoutes.openIncident, { body: opened });
  const params = { id: incident };
  const { outgoing } = await callAs(server.url, sample.incident, incidentRoutes.blastRadius, {
    params,
  });
  const { id } = sample.researcher;
  const could = { couldHaveExported: [id], fromStorage: false };
  expect(outgoing).toEqual([
    { ...could, release: next, state: 'published', didExport: [id], exports: 1, models: [] },
    {
      ...could,
      ...{ release, state: 'superseded', didExport: [], exports: 0 },
      models: [{ digest: expect.any(String), name: expect.any(String) }],
    },
  ]);
});
