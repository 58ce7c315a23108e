import { rm } from 'node:fs/promises';
import type { CapturedEvent } from '@handrail/core/events';
import { type ManifestFile, type QuarantineDecision, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeImage } from '../worker/images.ts';
import { drawn, placeOf } from '../worker/pixels/sample-screen.ts';
import { allSolid } from '../worker/pixels/solid.ts';
import { readMark } from '../worker/read-mark.ts';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
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
const size = { width: 640, height: 200 };
const screen = {
  ...{ ...size, paper: '#fff', patches: [] },
  texts: [{ x: 40, y: 60, text: 'ines41@example.org', size: 16 }],
};
const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, ...size, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'button', atMs: 900, x: 5, y: 5, button: 'left', modifiers: [], down: true },
  { kind: 'button', atMs: 960, x: 5, y: 5, button: 'left', modifiers: [], down: false },
  { kind: 'run', atMs: 1500, endedAtMs: 1900, text: 'hello', keyCount: 5, field: 0 },
];

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let participant: TrialParticipant;
let session: string;
let segment: string;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());

beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  trial.ledger.nowMs = () => startMs;
  keeper = await trialKeeper(folder, trial, server, workers.run, () => startMs);
  participant = await trial.join({ manifest: await trial.setManifest(file, 1) });
  await run({ kind: 'issue-keys', ...owner() });
  session = newId('ses');
  // The device says that it filled a box, and did not.
  const place = await placeOf(screen, 0);
  const filled = place ? [{ box: place, reason: 'email' }] : [];
  const shown = { areas: [], filled, damagePending: false, displayEpoch: 1, atMs: 100 };
  const frames = [{ ...size, ...shown, image: await drawn(screen) }];
  const content = { contexts: file.contexts, events, frames };
  segment = await handIn(trial, server, participant, { session }, content);
  return () => rm(folder, { recursive: true });
});

const run = (job: Job, id: string = newId('job')) => runJob(keeper, id, job);

function owner() {
  const { pseudonym, consentEpoch } = participant.consent;
  return { pseudonym, consentEpoch };
}

const refine = () => run({ kind: 'refine', ...owner(), session, segments: [segment] });
const view = async (by = participant) => run((await ownReading(keeper, by, segment)).job);

async function decide(kind: QuarantineDecision['kind'], by = participant): Promise<void> {
  const { programme, pseudonym, consentEpoch } = participant.consent;
  const at = instantOf(startMs);
  const payload = { v: 1, kind, programme, pseudonym, consentEpoch, at, segment } as const;
  await trial.accept(await sign(payload, by.device));
}

function said() {
  return server.reports.at(-1)?.segments;
}

test('its owner sees what is in quarantine, on the record, and nobody else may', async () => {
  expect(await view()).toMatchObject({ outcome: 'failed', reason: 'not-in-quarantine' });
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'quarantined', reason: 'pixels.not-filled' }]);
  const id = newId('job');
  const reading = await ownReading(keeper, participant, segment);
  expect(await run(reading.job, id)).toMatchObject({ outcome: 'done' });
  const [seen, ...more] = await chunksRead(server, id, reading);
  expect(more).toEqual([]);
  expect(seen?.segment).toMatchObject({ id: segment, pseudonym: owner().pseudonym, events });
  expect(seen?.segment?.frames).toMatchObject([{ ...size, atMs: 100 }]);
  const frame = await decodeImage(seen?.image ?? new Uint8Array(), size);
  expect(frame && readMark(frame, 2, 5)[0]?.slice(0, 2)).toEqual([owner().pseudonym, 'own view']);
  expect((await kindsIn(trial)).slice(-2)).toEqual(['segments.opening', 'segments.opened']);
  expect(server.objects.has(`results/${id}`)).toBe(false);
  expect(await run(reading.job)).toMatchObject({ reason: 'session-nonce-unknown' });
  const other = await trial.join();
  const theirs = (await ownReading(keeper, other, segment)).job;
  expect(await run(theirs)).toMatchObject({ outcome: 'failed', reason: 'another-participant' });
  const posing = { ...theirs, ...owner() };
  expect(await run(posing)).toMatchObject({ outcome: 'failed', reason: 'another-participant' });
});

test('a released segment is refined once, with what could be masked', async () => {
  await refine();
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'rejected', reason: 'already-refined' }]);
  await decide('quarantine-release', await trial.join());
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'rejected', reason: 'already-refined' }]);
  await decide('quarantine-release');
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'refined' }]);
  expect(server.reports.at(-1)?.trajectories).toHaveLength(1);
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'rejected', reason: 'already-refined' }]);
});

test('what a released segment shows is masked where it can be', async () => {
  await refine();
  await decide('quarantine-release');
  await refine();
  const trajectory = server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
  const id = newId('job');
  const reading = await ownReading(keeper, participant, trajectory);
  await run(reading.job, id);
  const [shown] = await chunksRead(server, id, reading);
  const raw = await decodeImage(shown?.image ?? new Uint8Array(), size);
  const place = await placeOf(screen, 0);
  expect(raw && place && allSolid(raw, [place])).toBe(true);
});

test('a deleted segment is not opened any more, for whatever the server asks', async () => {
  await refine();
  await decide('quarantine-deletion');
  expect(await view()).toMatchObject({ outcome: 'failed', reason: 'deleted-by-owner' });
  await decide('quarantine-release');
  await refine();
  expect(said()).toEqual([{ id: segment, state: 'rejected', reason: 'deleted-by-owner' }]);
});
