import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { type Grant, sign } from '@handrail/core/statement';
import { deviceRoutes, personRoutes, vaultRoutes } from '@handrail/core/wire';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
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
import { openOwn, type SessionChanges, sampleSession } from '@handrail/testbed/sample-reading';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let owner: Participant;
let trajectory: string;
let recorded: string;
let grant: Grant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reading-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  const manifest = await activateManifest(server.url, sample);
  owner = await joinAs(server.url, sample, manifest);
  const sealedTo = await issueKeys(server.url, sample, owner);
  const session = idOf('ses', randomBytes(32));
  const segment = await sealed(headerOf(sample, owner, sealedTo, { session }), owner);
  recorded = segment.id;
  const params = { id: recorded };
  await callAs(server.url, owner, deviceRoutes.putSegment, { params, body: segment.bytes });
  trajectory = await refined(segment.id);
});
beforeEach(async () => {
  grant = await granted();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function leased(kind: string): Promise<string> {
  for (;;) {
    const { job } = await callAs(server.url, sample.vault, vaultRoutes.leaseJob, {
      body: { seconds: 60 },
    });
    if (job === null) throw new Error(`There is no ${kind} job.`);
    if (job.job.kind === kind) return job.id;
  }
}

async function refined(segment: string): Promise<string> {
  const id = idOf('traj', randomBytes(32));
  const params = { '*': `trajectories/${id}` };
  const body = new Uint8Array([1]);
  await callAs(server.url, sample.vault, vaultRoutes.putObject, { params, body });
  const trajectories = [
    { facts: { id, day: today(), actions: 1, contexts: [] }, segments: [segment] },
  ];
  const segments = [{ id: segment, state: 'refined' as const }];
  await callAs(server.url, sample.vault, vaultRoutes.refined, {
    body: { job: await leased('refine'), segments, trajectories },
  });
  return id;
}

async function granted(
  scope: Grant['scope'] = { trajectories: [trajectory] },
  tier: Grant['tier'] = 'trajectory',
): Promise<Grant> {
  const asked = await sampleGrant(sample, { tier, scope });
  await requestGrant(server.url, sample, asked);
  for (const by of [sample.steward, sample.officer]) await approveGrant(server.url, by, asked);
  return asked;
}

async function ask(
  wanted: SessionChanges & { readonly trajectory?: string } = {},
  signer: Actor = sample.researcher,
  caller: Actor = sample.researcher,
) {
  const by = { grant: grant.id };
  const session = await sampleSession(sample, signer, { trajectory, by, ...wanted });
  return callAs(server.url, caller, personRoutes.openReading, { body: { session } });
}

async function askRaw(segment: string) {
  const by = { grant: grant.id };
  const session = await sampleSession(sample, sample.researcher, { segment, by });
  return callAs(server.url, sample.researcher, personRoutes.openReading, { body: { session } });
}

async function put(job: string, number: number) {
  const params = { id: job, number: String(number) };
  const body = new Uint8Array([number]);
  await callAs(server.url, sample.vault, vaultRoutes.putChunk, { params, body });
}

function chunk(job: string, number: number, who: Actor = sample.researcher) {
  const params = { id: job, number: String(number) };
  return callAs(server.url, who, personRoutes.chunk, { params });
}

function reader(job: string, wanted: number) {
  const body = { wanted };
  return callAs(server.url, sample.vault, vaultRoutes.awaitReader, { params: { id: job }, body });
}

async function revoke() {
  const { programme, id } = grant;
  const payload = { v: 1, kind: 'revocation', programme, at: instant(), grant: id } as const;
  await callAs(server.url, sample.officer, personRoutes.revokeGrant, {
    params: { id },
    body: { revocation: await sign(payload, sample.officer.signer) },
  });
}

const none = { code: 'not.found' };

test('chunks are relayed in order to who asked, and to nobody else', async () => {
  const { job } = await ask();
  expect(await leased('view')).toBe(job);
  await put(job, 0);
  await put(job, 1);
  await expect(chunk(job, 0, sample.steward)).rejects.toMatchObject(none);
  expect([...(await chunk(job, 0))]).toEqual([0]);
  expect([...(await chunk(job, 0))]).toEqual([0]);
  expect(await reader(job, 0)).toEqual({ wanted: 0, open: true });
  expect([...(await chunk(job, 1))]).toEqual([1]);
  const late = chunk(job, 2);
  expect(await reader(job, 2)).toEqual({ wanted: 2, open: true });
  await put(job, 2);
  expect([...(await late)]).toEqual([2]);
  const body = { outcome: 'done' } as const;
  await callAs(server.url, sample.vault, vaultRoutes.finishJob, { params: { id: job }, body });
  await expect(chunk(job, 3)).rejects.toMatchObject(none);
});

test('what was not fetched when a grant is revoked is gone, and the vault is told', async () => {
  const { job } = await ask();
  await put(job, 0);
  await put(job, 1);
  expect([...(await chunk(job, 0))]).toEqual([0]);
  const waiting = chunk(job, 2).catch((error: unknown) => error);
  await expect.poll(() => reader(job, 2)).toEqual({ wanted: 2, open: true });
  await revoke();
  await put(job, 2);
  expect(await waiting).toMatchObject(none);
  await expect(chunk(job, 1)).rejects.toMatchObject(none);
  expect(await reader(job, 3)).toMatchObject({ open: false });
});

test('who closes a reading gets no more of it', async () => {
  const { job } = await ask();
  await put(job, 0);
  await callAs(server.url, sample.researcher, personRoutes.endReading, { params: { id: job } });
  await expect(chunk(job, 0)).rejects.toMatchObject(none);
  expect(await reader(job, 1)).toMatchObject({ open: false });
});

test('a reading is asked for by its own reader, under a grant that names it', async () => {
  const other = idOf('traj', randomBytes(32));
  await expect(ask({ trajectory: other })).rejects.toMatchObject(none);
  await expect(ask({}, sample.steward)).rejects.toMatchObject({ code: 'signature.invalid' });
  await expect(ask({}, sample.steward, sample.steward)).rejects.toMatchObject(none);
  const by = { participant: owner.pseudonym };
  await expect(ask({ by })).rejects.toMatchObject(none);
  await expect(ask({ until: instant() })).rejects.toMatchObject({ code: 'state.conflict' });
  grant = await granted({ trajectories: [other] });
  await expect(ask()).rejects.toMatchObject(none);
  await expect(openOwn(server.url, sample, owner, other)).rejects.toMatchObject(none);
});

test('a grant of tier raw names segments, and opens them and nothing of another tier', async () => {
  const raw = { segments: [recorded] };
  const no = { code: 'state.conflict' };
  await expect(granted(undefined, 'raw')).rejects.toMatchObject(no);
  await expect(granted(raw, 'trajectory')).rejects.toMatchObject(no);
  await expect(granted(raw, 'release')).rejects.toMatchObject(no);
  await expect(askRaw(recorded)).rejects.toMatchObject(none);
  grant = await granted(raw, 'raw');
  await expect(ask()).rejects.toMatchObject(none);
  await expect(askRaw(idOf('seg', randomBytes(32)))).rejects.toMatchObject(none);
  await expect(openOwn(server.url, sample, owner, recorded)).rejects.toMatchObject(none);
  const { job } = await askRaw(recorded);
  await put(job, 0);
  expect([...(await chunk(job, 0))]).toEqual([0]);
  await put(job, 1);
  await revoke();
  await expect(chunk(job, 1)).rejects.toMatchObject(none);
  await expect(askRaw(recorded)).rejects.toMatchObject(none);
});

test('nobody approves their own grant, nor twice, nor what it does not say', async () => {
  const scope = { trajectories: [trajectory] };
  const asked = await sampleGrant(sample, { tier: 'trajectory', scope });
  const prompt = 'May somebody count something?';
  await expect(requestGrant(server.url, sample, { ...asked, prompt })).rejects.toMatchObject({
    code: 'state.conflict',
  });
  await requestGrant(server.url, sample, asked);
  await expect(approveGrant(server.url, sample.researcher, asked)).rejects.toMatchObject({
    code: 'access.denied',
  });
  await approveGrant(server.url, sample.steward, asked);
  const again = await approveGrant(server.url, sample.steward, asked);
  expect(again.state).toBe('requested');
});
