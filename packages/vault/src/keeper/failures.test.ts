import { rm } from 'node:fs/promises';
import { toBase64url } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import { newSealKeyPair } from '@handrail/core/seal';
import { type ManifestFile, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WorkerResult, WorkerTask } from '../worker/task.ts';
import { runJob, runJobs } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { shredExpired } from './keys/retention.ts';
import { workerDeathsMax } from './runs/refine.ts';
import type { JobOutcome } from './server-port.ts';
import { handIn, kindsIn, type TrialServer, trialKeeper } from './trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './trial/programme.ts';
import { trialStage } from './trial/stage.ts';
import { startWorkers, type Workers } from './workers/workers.ts';

const dayMs = 86_400_000;
const entry = new URL('../worker/main.ts', import.meta.url).pathname;
const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
  { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
];
const content = { contexts: file.contexts, events };

let workers: Workers;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let participant: TrialParticipant;
let nowMs: number;
let work: (task: WorkerTask) => Promise<WorkerResult>;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  const stage = await trialStage();
  const { folder } = stage;
  ({ trial, server } = stage);
  nowMs = startMs;
  work = workers.run;
  trial.ledger.nowMs = () => nowMs;
  keeper = await trialKeeper(
    folder,
    trial,
    server,
    (task) => work(task),
    () => nowMs,
  );
  participant = await trial.join({ manifest: await trial.setManifest(file, 1) });
  await run({ kind: 'issue-keys', ...owner() });
  return () => rm(folder, { recursive: true });
});

const run = (job: Job, id = newId('job')) => runJob(keeper, id, job);

function owner() {
  const { pseudonym, consentEpoch } = participant.consent;
  return { pseudonym, consentEpoch };
}

async function recorded(session = newId('ses'), sequence = 0) {
  const segment = await handIn(trial, server, participant, { session, sequence }, content);
  return { kind: 'refine' as const, ...owner(), session, segments: [segment] };
}

function reported() {
  return server.reports.at(-1)?.segments.map(({ state, reason }) => reason ?? state);
}

test('jobs of one session may come in any order, and each goes through once', async () => {
  const session = newId('ses');
  const [first, second] = [await recorded(session, 0), await recorded(session, 1)];
  await run(second);
  expect(reported()).toEqual(['refined']);
  await run(first);
  expect(reported()).toEqual(['refined']);
  await run(first);
  expect(reported()).toEqual(['already-refined']);
});

test('a consent that was not renewed in time makes accepted segments wait, not end', async () => {
  const job = await recorded();
  nowMs += 31 * dayMs;
  expect(await run(job)).toEqual({ outcome: 'retry', reason: 'consent-not-renewed' });
  expect(server.reports).toEqual([]);
  const renewed = { ...participant.consent, at: instantOf(nowMs) };
  await trial.accept(await sign(renewed, participant.device));
  await run(job);
  expect(reported()).toEqual(['refined']);
});

test('a segment that the server has lost is rejected, and the others go on', async () => {
  const job = await recorded();
  const lost = newId('seg');
  await run({ ...job, segments: [...job.segments, lost] });
  expect(reported()).toEqual(['input-missing', 'refined']);
});

test('after a withdrawal each segment is told, and none is opened', async () => {
  const job = await recorded();
  const { programme } = trial.charter;
  const at = instantOf(nowMs);
  await trial.accept(
    await sign({ v: 1, kind: 'withdrawal', programme, ...owner(), at }, participant.device),
  );
  expect(await run(job)).toMatchObject({ outcome: 'done' });
  expect(reported()).toEqual(['consent-withdrawn']);
  expect(await kindsIn(trial)).not.toContain('segments.opening');
});

test('any trouble of ours gives a refine job back, whatever its code', async () => {
  const job = await recorded();
  for (const code of ['signature.invalid', 'access.denied', 'storage.full', 'timeout'] as const) {
    const refined = server.refined;
    Object.assign(server, { refined: () => Promise.reject(new HandrailError(code, 'No.')) });
    expect(await run(job)).toEqual({ outcome: 'retry', reason: code });
    Object.assign(server, { refined });
  }
  await run(job);
  expect(reported()).toEqual(['refined']);
});

test('a job over which worker after worker dies is set aside, unless all workers die', async () => {
  const job = await recorded();
  const id = newId('job');
  const died = () => Promise.reject(new HandrailError('internal', 'The worker died.'));
  work = died;
  for (let tries = 0; tries < workerDeathsMax + 2; tries++) {
    expect(await run(job, id)).toEqual({ outcome: 'retry', reason: 'internal' });
  }
  work = (task) =>
    task.kind === 'refine' && task.segments.length > 0 ? died() : workers.run(task);
  expect(await run(job, id)).toMatchObject({ outcome: 'done' });
  expect(server.reports.at(-1)?.segments).toMatchObject([
    { state: 'quarantined', reason: 'worker-failed' },
  ]);
});

/** A server with one job, and what it was told of it. */
function withOneJob(job: Job, finishJob: (outcome: JobOutcome) => Promise<void>) {
  const leased = [{ id: newId('job'), job }];
  let restarts = 0;
  Object.assign(server, {
    restart: async () => {
      restarts += 1;
    },
    leaseJob: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return leased.pop();
    },
    finishJob: (_id: string, outcome: JobOutcome) => finishJob(outcome),
  });
  return { restarts: () => restarts };
}

test('a job that runs when the keeper is stopped is given back', async () => {
  const job = await recorded();
  const outcomes: JobOutcome[] = [];
  const asked = withOneJob(job, async (outcome) => void outcomes.push(outcome));
  const started = new Promise<void>((resolve) => {
    work = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  const loop = runJobs(keeper, { loops: 2, log: () => undefined, finishMs: 50 });
  await started;
  await loop.stop();
  expect(outcomes).toEqual([{ outcome: 'retry', reason: 'keeper-stopping' }]);
  expect(asked.restarts()).toBe(1);
});

test('an outcome is told again until the server has heard it', async () => {
  const job = await recorded();
  let told = 0;
  const heard = new Promise<JobOutcome>((resolve) => {
    withOneJob(job, async (outcome) => {
      told += 1;
      if (told === 1) throw new HandrailError('unreachable', 'The server is away.');
      resolve(outcome);
    });
  });
  const loop = runJobs(keeper, { loops: 1, log: () => undefined });
  expect(await heard).toMatchObject({ outcome: 'done' });
  await loop.stop();
  expect(told).toBe(2);
});

test('a renewed consent that names another reading key changes nothing', async () => {
  const readingKey = toBase64url((await newSealKeyPair()).publicKey);
  for (const consentEpoch of [1, 2]) {
    const forged = { ...participant.consent, consentEpoch, readingKey };
    await trial.accept(await sign(forged, participant.device));
  }
  const { participants } = await keeper.ledger.state();
  const consents = participants.get(participant.consent.pseudonym)?.consents ?? new Map();
  expect([...consents.values()]).toEqual([participant.consent]);
});

test('a keeper whose clock jumps ahead destroys no key', async () => {
  trial.ledger.nowMs = () => startMs;
  nowMs += 400 * dayMs;
  await expect(shredExpired(keeper)).rejects.toMatchObject({ code: 'ledger.unverified' });
  expect(await keeper.keyring.dayKeyNames(owner())).toHaveLength(60);
  trial.ledger.nowMs = () => nowMs;
  expect(await shredExpired(keeper)).toBe(60);
});
