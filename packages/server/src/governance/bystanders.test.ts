import { randomBytes as randomOf } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestBytes, requestDigest, sealRequest } from '@handrail/core/bystander';
import { toBase64url } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { type BystanderRemoval, type ManifestStatement, sign } from '@handrail/core/statement';
import { bystanderRoutes, deviceRoutes, type Job, vaultRoutes } from '@handrail/core/wire';
import {
  type Actor,
  activateManifest,
  callAs,
  headerOf,
  instant,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
  today,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { parseConfig } from '../config.ts';
import type { ServerContext } from '../context.ts';
import { openContext } from '../open-context.ts';
import { requestsPerDayMax, waitingDaysMax } from './bystanders.ts';

const dayMs = 86_400_000;
/** Made up at each run. */
const handle = `quillfern_${Math.floor(1e8 * Math.random())}`;
let folder: string;
let stack: AsyncDisposableStack;
let sample: SampleProgramme;
let context: ServerContext;
let url: string;
let aheadMs = 0;
let manifest: ManifestStatement;
let ann: Participant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bystanders-'));
  sample = await sampleProgramme(folder);
  stack = new AsyncDisposableStack();
  const config = parseConfig({ ...sample.settings, jobRetrySeconds: 0 });
  context = await openContext(config, stack, { nowMs: () => Date.now() + aheadMs });
  const app = await buildApp(context);
  stack.defer(() => app.close());
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  manifest = await activateManifest(url, sample);
  ann = await joinAs(url, sample, manifest);
});
afterAll(async () => {
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});

const routes = bystanderRoutes;

async function filed(...sought: string[]): Promise<string> {
  const { programme } = sample.charter.payload;
  const box = await sealRequest(sample.settings.vaultKey, programme, sought);
  const request = requestDigest(box);
  const body = { box: toBase64url(box), request };
  const view = await callAs(url, ann, routes.fileRequest, { body });
  expect(view).toMatchObject({ request, state: 'waiting', decided: null, answer: null });
  return request;
}

async function approved(request: string, who: Actor, at = instant()) {
  const { programme } = sample.charter.payload;
  const payload: BystanderRemoval = { v: 1, kind: 'bystander-removal', programme, request, at };
  const statement = await sign(payload, who.signer);
  return callAs(url, who, routes.decide, { body: { statement } });
}

async function decided(request: string) {
  const at = instant();
  await approved(request, sample.steward, at);
  return approved(request, sample.officer, at);
}

async function leased<K extends Job['kind']>(kind: K) {
  for (;;) {
    const { job } = await callAs(url, sample.vault, vaultRoutes.leaseJob, {
      body: { seconds: 60 },
    });
    if (job === null) throw new Error(`There is no ${kind} job.`);
    if (job.job.kind === kind) return { id: job.id, job: job.job as Extract<Job, { kind: K }> };
  }
}

async function put(trajectory: string): Promise<void> {
  const params = { '*': `trajectories/${trajectory}` };
  await callAs(url, sample.vault, vaultRoutes.putObject, { params, body: new Uint8Array([1]) });
}

async function refined(): Promise<string> {
  const sealedTo = await issueKeys(url, sample, ann);
  const session = idOf('ses', randomBytes(32));
  const { id: segment, bytes } = await sealed(headerOf(sample, ann, sealedTo, { session }), ann);
  await callAs(url, ann, deviceRoutes.putSegment, { params: { id: segment }, body: bytes });
  await context.intake.planner.settled();
  const { id: job } = await leased('refine');
  const id = idOf('traj', randomBytes(32));
  await put(id);
  const facts = { id, day: today(), actions: 1, contexts: [] };
  const segments = [{ id: segment, state: 'refined' as const }];
  const trajectories = [{ facts, segments: [segment] }];
  await callAs(url, sample.vault, vaultRoutes.refined, { body: { job, segments, trajectories } });
  return id;
}

const mine = async () => (await callAs(url, ann, deviceRoutes.trajectories, {})).trajectories;

test('a steward and an officer decide over the digest; nobody else, and no one alone', async () => {
  const request = await filed(handle);
  for (const who of [sample.researcher, sample.incident, sample.auditor]) {
    await expect(approved(request, who)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(callAs(url, who, routes.requests, {})).rejects.toMatchObject({
      code: 'access.denied',
    });
  }
  const at = instant();
  expect(await approved(request, sample.steward, at)).toMatchObject({ state: 'waiting' });
  expect(await approved(request, sample.steward, at)).toMatchObject({ state: 'waiting' });
  const [first] = (await callAs(url, sample.officer, routes.requests, {})).requests;
  expect(first?.statement?.signatures).toHaveLength(1);
  const otherTime = '2026-01-01T00:00:00Z';
  await expect(approved(request, sample.officer, otherTime)).rejects.toMatchObject({
    code: 'state.conflict',
  });
  const view = await approved(request, sample.officer, at);
  expect(view).toMatchObject({ state: 'decided', decided: expect.any(Number) });
  expect((await leased('remove-bystander')).job).toMatchObject({ request });
});

test('what took the place is listed as made anew; old ciphertext and the request go', async () => {
  const old = await refined();
  const request = await filed(handle, 'Quill Fernsby');
  await decided(request);
  const { id: job, job: asked } = await leased('remove-bystander');
  expect(asked.concerns.flatMap(({ trajectories }) => trajectories)).toContain(old);
  const next = idOf('traj', randomBytes(32));
  const entry = { index: 7, salt: 'salt' };
  const body = { job, request, replaced: [{ old, next }], counted: 0, isWhole: true, entry };
  const removed = vaultRoutes.bystanderRemoved;
  await expect(callAs(url, sample.vault, removed, { body })).rejects.toMatchObject({
    code: 'state.conflict',
  });
  await put(next);
  const foreign = { ...body, replaced: [{ old: idOf('traj', randomBytes(32)), next }] };
  await expect(callAs(url, sample.vault, removed, { body: foreign })).rejects.toMatchObject({
    code: 'state.conflict',
  });
  await callAs(url, sample.vault, removed, { body });
  const finished = { params: { id: job }, body: { outcome: 'done' as const } };
  await callAs(url, sample.vault, vaultRoutes.finishJob, finished);
  const listed = await mine();
  expect(listed.find(({ id }) => id === next)).toMatchObject({ remade: 'bystander', actions: 1 });
  expect(listed.map(({ id }) => id)).not.toContain(old);
  expect(await context.objects.get(`trajectories/${old}`)).toBeUndefined();
  expect(await context.objects.get(`bystanders/${request}`)).toBeUndefined();
  const view = await callAs(url, ann, routes.request, { params: { digest: request } });
  expect(view).toMatchObject({ state: 'done', answer: { counted: 0, isWhole: true, entry } });
  expect(JSON.stringify(view)).not.toContain('traj_');
  expect((await leased('review-releases')).job).toEqual({ kind: 'review-releases' });
});

test('what the vault will not do is told without a reason, and the request goes', async () => {
  const request = await filed(handle);
  await decided(request);
  const { id } = await leased('remove-bystander');
  const body = { outcome: 'failed', reason: 'request-too-wide' } as const;
  await callAs(url, sample.vault, vaultRoutes.finishJob, { params: { id }, body });
  const view = await callAs(url, ann, routes.request, { params: { digest: request } });
  expect(view).toMatchObject({ state: 'refused', answer: null });
  expect(await context.objects.get(`bystanders/${request}`)).toBeUndefined();
});

test('what is no sealed request, or not of its digest, is not taken', async () => {
  const box = new Uint8Array(randomOf(requestBytes));
  const file = (bytes: Uint8Array, request: string) =>
    callAs(url, ann, routes.fileRequest, { body: { box: toBase64url(bytes), request } });
  const refused = { code: 'input.invalid' };
  await expect(file(box, 'ab'.repeat(32))).rejects.toMatchObject(refused);
  const short = box.subarray(1);
  await expect(file(short, requestDigest(short))).rejects.toMatchObject(refused);
  const digest = 'cd'.repeat(32);
  await expect(callAs(url, ann, routes.request, { params: { digest } })).rejects.toMatchObject({
    code: 'not.found',
  });
});

test('a flood of requests ends with its day; one that waited too long has expired', async () => {
  aheadMs = 3 * dayMs;
  const request = await filed(handle);
  const file = async () => {
    const box = new Uint8Array(randomOf(requestBytes));
    const body = { box: toBase64url(box), request: requestDigest(box) };
    return (await callAs(url, ann, routes.fileRequest, { body })).state;
  };
  const { db } = context;
  const rows = Array.from({ length: requestsPerDayMax - 2 }, (_, nth) => ({
    ...{ digest: `flood ${nth}`, day: new Date(Date.now() + aheadMs).toISOString().slice(0, 10) },
    ...{ state: 'waiting' as const, leaf: null, statement: null, answer: null },
  }));
  await db.insertInto('bystander_request').values(rows).execute();
  expect(await file()).toBe('waiting');
  await expect(file()).rejects.toMatchObject({ code: 'rate.limited' });
  aheadMs += (waitingDaysMax + 2) * dayMs;
  expect(await file()).toBe('waiting');
  const view = await callAs(url, ann, routes.request, { params: { digest: request } });
  expect(view.state).toBe('expired');
  aheadMs = 0;
});

test('nothing that is sought stands anywhere in the folder of the server', async () => {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
    bytes += content.length;
    expect(content.includes(handle), entry.name).toBe(false);
    expect(content.includes('Fernsby'), entry.name).toBe(false);
  }
  expect(bytes).toBeGreaterThan(1_000_000);
});
