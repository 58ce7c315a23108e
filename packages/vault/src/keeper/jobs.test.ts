import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CapturedEvent } from '@handrail/core/events';
import { type ManifestFile, type Recipe, recipeDigest, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { shredExpired } from './keys/retention.ts';
import { handIn, kindsIn, type TrialServer, trialKeeper } from './trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './trial/programme.ts';
import { chunksRead, ownReading } from './trial/reading.ts';
import { trialStage } from './trial/stage.ts';
import { startWorkers, type Workers } from './workers/workers.ts';

const entry = new URL('../worker/main.ts', import.meta.url).pathname;
const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 100,
};

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let nowMs: number;
let tasks: string[];

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  nowMs = startMs;
  tasks = [];
  trial.ledger.nowMs = () => nowMs;
  keeper = await open();
  return () => rm(folder, { recursive: true });
});

function open(): Promise<KeeperContext> {
  return trialKeeper(
    folder,
    trial,
    server,
    (task) => {
      tasks.push(task.kind);
      return workers.run(task);
    },
    () => nowMs,
  );
}

const run = (job: Job, context = keeper) => runJob(context, newId('job'), job);

async function joined(): Promise<TrialParticipant> {
  const manifest = await trial.setManifest(file, 1);
  const participant = await trial.join({ manifest });
  expect(await run({ kind: 'issue-keys', ...owner(participant) })).toMatchObject({
    outcome: 'done',
  });
  return participant;
}

function owner({ consent: { pseudonym, consentEpoch } }: TrialParticipant) {
  return { pseudonym, consentEpoch };
}

const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'task', atMs: 0, edge: 'start', text: 'write a line' },
  { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
  { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
  { kind: 'run', atMs: 900, endedAtMs: 1300, text: 'hello', keyCount: 5, field: 0 },
  { kind: 'task', atMs: 2000, edge: 'end', text: '' },
];
const content = { contexts: file.contexts, events };

async function recorded(participant: TrialParticipant) {
  const session = newId('ses');
  const segment = await handIn(trial, server, participant, { session }, content);
  return { kind: 'refine' as const, ...owner(participant), session, segments: [segment] };
}

async function refined(participant: TrialParticipant): Promise<string> {
  expect(await run(await recorded(participant))).toMatchObject({ outcome: 'done' });
  return server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
}

async function withdraw({ consent, device }: TrialParticipant): Promise<void> {
  const { programme, pseudonym, consentEpoch } = consent;
  const at = instantOf(nowMs);
  await trial.accept(
    await sign({ v: 1, kind: 'withdrawal', programme, pseudonym, consentEpoch, at }, device),
  );
}

async function approvedGrant(): Promise<{ id: string; identity: string }> {
  const identity = await generateIdentity();
  const signed = await trial.grant(recipe, { recipient: await identityToRecipient(identity) });
  server.grants.set(signed.payload.id, signed);
  for (const by of [trial.persons.steward, trial.persons.officer]) {
    await trial.approve(signed.payload, by);
  }
  return { id: signed.payload.id, identity };
}

test('keys are issued for thirty days and both tiers, the same when asked again', async () => {
  const participant = await joined();
  expect(server.dayKeys).toHaveLength(60);
  const first = server.dayKeys.map(({ payload }) => payload.publicKey);
  await run({ kind: 'issue-keys', ...owner(participant) });
  expect(server.dayKeys.slice(60).map(({ payload }) => payload.publicKey)).toEqual(first);
  expect(await kindsIn(trial)).toContain('keys.issued');
  const stranger = { pseudonym: newId('part'), consentEpoch: 1 };
  expect(await run({ kind: 'issue-keys', ...stranger })).toEqual({
    outcome: 'failed',
    reason: 'consent-unknown',
  });
});

test('a recording becomes a trajectory that its owner can read', async () => {
  const participant = await joined();
  const trajectory = await refined(participant);
  expect(server.reports.at(-1)?.segments).toMatchObject([{ state: 'refined' }]);
  const job = newId('job');
  const reading = await ownReading(keeper, participant, trajectory);
  expect(await runJob(keeper, job, reading.job)).toMatchObject({ outcome: 'done' });
  const [seen] = await chunksRead(server, job, reading);
  expect(seen?.facts?.instruction).toBe('write a line');
  expect(seen?.facts?.actions.map(({ kind }) => kind)).toEqual(['click', 'type']);
  expect((await kindsIn(trial)).slice(-4)).toEqual([
    'segments.opening',
    'segments.opened',
    'trajectories.opening',
    'trajectories.opened',
  ]);
});

test('nobody views the trajectory of another participant', async () => {
  const participant = await joined();
  const trajectory = await refined(participant);
  const other = await trial.join();
  const reason = 'another-participant';
  expect(await run((await ownReading(keeper, other, trajectory)).job)).toMatchObject({ reason });
  const named = await ownReading(keeper, { ...other, consent: participant.consent }, trajectory);
  expect(await run(named.job)).toMatchObject({ outcome: 'failed', reason: 'session-not-signed' });
});

test('views are of the consent epoch asked for, and keys only of the newest', async () => {
  const participant = await joined();
  const trajectory = await refined(participant);
  const { consent, device } = participant;
  await trial.accept(await sign({ ...consent, consentEpoch: 2 }, device));
  const { pseudonym } = consent;
  expect(await run({ kind: 'issue-keys', pseudonym, consentEpoch: 1 })).toMatchObject({
    reason: 'consent-epoch-not-current',
  });
  const { job } = await ownReading(keeper, participant, trajectory);
  expect(await run({ ...job, consentEpoch: 2 })).toMatchObject({
    reason: 'another-consent-epoch',
  });
  expect(await run(job)).toMatchObject({ outcome: 'done' });
});

test('a trajectory that the vault did not sign, or that has another name, is refused', async () => {
  const participant = await joined();
  const trajectory = await refined(participant);
  const bytes = server.objects.get(`trajectories/${trajectory}`) ?? new Uint8Array();
  const renamed = newId('traj');
  server.objects.set(`trajectories/${renamed}`, bytes);
  const view = async (id: string) => (await ownReading(keeper, participant, id)).job;
  expect(await run(await view(renamed))).toMatchObject({ reason: 'not-this-trajectory' });
  const at = bytes.length - 100;
  server.objects.set(`trajectories/${trajectory}`, bytes.with(at, (bytes[at] ?? 0) ^ 1));
  expect(await run(await view(trajectory))).toMatchObject({ reason: 'vault-signature-invalid' });
});

test('without proof in the ledger no worker gets a key', async () => {
  const participant = await joined();
  const job = await recorded(participant);
  trial.ledger.nowMs = () => nowMs - 61_000;
  expect(await run(job)).toEqual({ outcome: 'retry', reason: 'ledger.unverified' });
  trial.ledger.witnessed = false;
  expect(await run(job)).toEqual({ outcome: 'retry', reason: 'ledger.unverified' });
  expect(tasks).toEqual([]);
  trial.ledger.witnessed = true;
  trial.ledger.nowMs = () => nowMs;
  await trial.join();
  expect(await run(job)).toMatchObject({ outcome: 'done' });
});

test('a segment is refined once, also across a restart', async () => {
  const participant = await joined();
  const job = await recorded(participant);
  await run(job);
  expect(await run(job)).toMatchObject({ outcome: 'done', facts: { trajectories: 0 } });
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'already-refined' }]);
  expect(await run(job, await open())).toMatchObject({ facts: { trajectories: 0 } });
  expect(tasks).toEqual(['refine']);
});

test('one bad segment is rejected with its reason and the others go on', async () => {
  const participant = await joined();
  const job = await recorded(participant);
  const { session } = job;
  const next = await handIn(trial, server, participant, { session, sequence: 1 }, content);
  const stranger = await trial.join({ manifest: participant.consent.manifest });
  const forged = await handIn(trial, server, stranger, { session, sequence: 2 }, content);
  const bytes = server.objects.get(`segments/${next}`) ?? new Uint8Array();
  server.objects.set(`segments/${next}`, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
  await run({ ...job, segments: [...job.segments, next, forged] });
  expect(server.reports.at(-1)?.segments).toEqual(
    expect.arrayContaining([
      { id: next, state: 'rejected', reason: 'device-signature-invalid' },
      { id: forged, state: 'rejected', reason: 'another-participant' },
      expect.objectContaining({ id: job.segments[0], state: 'refined' }),
    ]),
  );
});

test('a segment sealed to a key that the vault did not issue does not open', async () => {
  const participant = await joined();
  const session = newId('ses');
  const sealedTo = server.dayKeys.find(({ payload }) => payload.day === '2026-11-24');
  const header = { session, sealedTo: sealedTo?.payload.publicKey ?? '' };
  const segment = await handIn(trial, server, participant, header, content);
  await run({ kind: 'refine', ...owner(participant), session, segments: [segment] });
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'sealed-to-another-key' }]);
  expect(tasks).toEqual([]);
});

test('withdrawal stops openings, and shredding waits for it and leaves the others', async () => {
  const [participant, other] = [await joined(), await joined()];
  const trajectory = await refined(participant);
  const shred = { kind: 'shred', ...owner(participant) } as const;
  expect(await run(shred)).toMatchObject({ reason: 'no-withdrawal-in-the-ledger' });
  await withdraw(participant);
  expect(await run((await ownReading(keeper, participant, trajectory)).job)).toMatchObject({
    reason: 'consent-withdrawn',
  });
  const restarted = await open();
  expect(await run(shred, restarted)).toMatchObject({ outcome: 'done' });
  expect(await restarted.keyring.dayKeyNames(owner(participant))).toEqual([]);
  expect(await restarted.keyring.dayKeyNames(owner(other))).toHaveLength(60);
  expect((await kindsIn(trial)).at(-1)).toBe('keys.shredded');
});

test('a release is built, rebuilt to the same bytes and exported to its grantee', async () => {
  const candidates = [await refined(await joined()), await refined(await joined())];
  const grant = await approvedGrant();
  const release = newId('rel');
  const built = await run({ kind: 'build', release, grant: grant.id, recipe, candidates });
  expect(built).toMatchObject({ outcome: 'done', facts: { rows: 4 } });
  expect(server.releases).toMatchObject([{ id: release, participants: 2, state: 'published' }]);
  const rebuilt = await run({ kind: 'rebuild', release, grant: grant.id, workers: 2 });
  expect(rebuilt).toMatchObject({ outcome: 'done', facts: { same: true, differing: 0 } });
  const job = newId('job');
  const asked = { kind: 'export', release, grant: grant.id, format: 'agentnet' } as const;
  expect(await runJob(keeper, job, asked)).toMatchObject({ outcome: 'done', result: job });
  const reader = new Decrypter();
  reader.addIdentity(grant.identity);
  const lines = await reader.decrypt(
    server.objects.get(`results/${job}`) ?? new Uint8Array(),
    'text',
  );
  expect(lines).toContain('write a line');
  expect(await kindsIn(trial)).toEqual(
    expect.arrayContaining(['release.published', 'release.opening', 'release.downloaded']),
  );
});

test('a release needs its grant, recipe and enough people, and withdrawal ends it', async () => {
  const [participant, other] = [await joined(), await joined()];
  const candidates = [await refined(participant), await refined(other)];
  const grant = await approvedGrant();
  const release = newId('rel');
  const build = { kind: 'build', release, grant: grant.id, recipe, candidates } as const;
  const wider = { ...recipe, actionsMax: 101 };
  expect(await run({ ...build, recipe: wider })).toMatchObject({
    reason: 'grant-for-another-recipe',
  });
  expect(await run({ ...build, candidates: candidates.slice(1) })).toMatchObject({
    reason: 'too-few-participants',
  });
  expect(await run({ ...build, grant: newId('grant') })).toMatchObject({ reason: 'not.found' });
  const rebuild = { kind: 'rebuild', release, grant: grant.id, workers: 1 } as const;
  expect(await run(rebuild)).toMatchObject({ reason: 'release-unknown' });
  tasks.length = 0;
  nowMs += 9 * 3_600_000;
  expect(await run(build)).toMatchObject({ reason: 'grant-expired' });
  nowMs = startMs;
  expect(await run(build)).toMatchObject({ outcome: 'done' });
  await withdraw(participant);
  expect(await run(rebuild)).toMatchObject({ reason: 'consent-withdrawn' });
  expect(await run({ ...build, release: newId('rel') })).toMatchObject({
    reason: 'too-few-participants',
  });
  expect(recipeDigest(wider)).not.toBe(recipeDigest(recipe));
  expect(tasks).toEqual(['build']);
});

test('nothing captured lies in the vault folder or in what the server keeps', async () => {
  await refined(await joined());
  const kept: Uint8Array[] = [...server.objects.values(), ...server.nodes.values()];
  for (const name of await readdir(folder)) kept.push(await readFile(join(folder, name)));
  for (const bytes of kept) {
    expect(Buffer.from(bytes).includes('write a line')).toBe(false);
    expect(Buffer.from(bytes).includes('hello')).toBe(false);
  }
});

test('a halt stops openings and gives the job back, so that nothing accepted is lost', async () => {
  const job = await recorded(await joined());
  const { programme } = trial.charter;
  const halt = { v: 1, kind: 'halt', programme, programmeEpoch: 2, at: instantOf(nowMs) } as const;
  await trial.accept(await sign(halt, trial.persons.steward));
  expect(await run(job)).toEqual({ outcome: 'retry', reason: 'programme-halted' });
  expect(tasks).toEqual([]);
  const { steward, officer } = trial.persons;
  const resume = { ...halt, kind: 'resume', programmeEpoch: 3 } as const;
  await trial.accept(await sign(resume, steward, officer));
  expect(await run(job)).toMatchObject({ outcome: 'done' });
});

test('keys past retention are shredded unasked, and what they sealed stays shut', async () => {
  const participant = await joined();
  const job = await recorded(participant);
  expect(await shredExpired(keeper)).toBe(0);
  nowMs += 31 * 86_400_000;
  const renewed = { ...participant.consent, at: instantOf(nowMs) };
  await trial.accept(await sign(renewed, participant.device));
  expect(await shredExpired(keeper)).toBe(1);
  expect((await kindsIn(trial)).at(-1)).toBe('keys.shredded');
  await run(job);
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'keys-destroyed' }]);
  expect(tasks).toEqual([]);
});
