import { readFile, rm } from 'node:fs/promises';
import type { CapturedEvent } from '@handrail/core/events';
import type { EntryKind } from '@handrail/core/ledger';
import { isCommitted, type Opening, openingBoxName, readTelling } from '@handrail/core/opening';
import { type ManifestFile, type Recipe, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { loadPolicies, type Policies, readBundle } from '@handrail/policy/bundle';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { replayOpening } from '../../audit/opening.ts';
import { runJob } from '../jobs.ts';
import type { KeeperContext } from '../keeper-context.ts';
import { entriesIn, handIn, kindsIn, type TrialServer, trialKeeper } from '../trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from '../trial/programme.ts';
import { ownReading } from '../trial/reading.ts';
import { trialStage } from '../trial/stage.ts';
import { startWorkers, type Workers } from '../workers/workers.ts';

const entry = new URL('../../worker/main.ts', import.meta.url).pathname;
const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const recipe: Recipe = { purpose: 'train-agents', contexts: [{ app: 'mousepad' }], actionsMax: 10 };
const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'run', atMs: 900, endedAtMs: 1300, text: 'hello', keyCount: 5, field: 0 },
];

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let tasks: string[];
let manifest: string;
let participant: TrialParticipant;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  tasks = [];
  keeper = await trialKeeper(folder, trial, server, (task) => {
    tasks.push(task.kind);
    return workers.run(task);
  });
  manifest = await trial.setManifest(file, 1);
  participant = await joined();
  return () => rm(folder, { recursive: true });
});

const run = (job: Job, policies = keeper.policies) =>
  runJob({ ...keeper, policies }, newId('job'), job);

function owner({ consent: { pseudonym, consentEpoch } } = participant) {
  return { pseudonym, consentEpoch };
}

async function joined(): Promise<TrialParticipant> {
  const one = await trial.join({ manifest });
  await run({ kind: 'issue-keys', ...owner(one) });
  return one;
}

/** The bundle with one policy more, which forbids these actions. */
async function forbidding(...actions: readonly string[]): Promise<Policies> {
  const bundle = await readBundle((url) => readFile(url, 'utf8'));
  const list = actions.map((action) => `Action::"${action}"`).join(', ');
  const more = `@id("closed") forbid (principal, action in [${list}], resource);`;
  return loadPolicies({ ...bundle, policies: { ...bundle.policies, 'more.cedar': more } });
}

async function recorded(by = participant): Promise<Extract<Job, { kind: 'refine' }>> {
  const session = newId('ses');
  const content = { contexts: file.contexts, events };
  const segment = await handIn(trial, server, by, { session }, content);
  return { kind: 'refine', ...owner(by), session, segments: [segment] };
}

async function approvedGrant(): Promise<string> {
  const signed = await trial.grant(recipe);
  server.grants.set(signed.payload.id, signed);
  for (const by of [trial.persons.steward, trial.persons.officer]) {
    await trial.approve(signed.payload, by);
  }
  return signed.payload.id;
}

test('what the policy forbids to refine waits, unopened, until it may be', async () => {
  const job = await recorded();
  const closed = await forbidding('recording.refine');
  expect(await run(job, closed)).toEqual({ outcome: 'retry', reason: 'denied-by-policy' });
  expect(tasks).toEqual([]);
  expect(await kindsIn(trial)).not.toContain('segments.opened');
  expect(await run(job)).toMatchObject({ outcome: 'done' });
});

/** What the participant is told of the outcome, as its entry commits to it. */
async function toldOf(kind: EntryKind, { consent, readingKey } = participant): Promise<Opening> {
  for (const entry of await entriesIn(trial)) {
    for (const tag of entry.kind === kind ? (entry.tags ?? []) : []) {
      const name = openingBoxName(tag, entry.commitment ?? '');
      const box = server.objects.get(`openings/${consent.pseudonym}/${name}`);
      const told = box && (await readTelling(box, tag, readingKey.privateKey));
      if (told && isCommitted(told, entry)) return told.opening;
    }
  }
  throw new Error('They were told nothing.');
}

test('an outcome commits to the facts of its decision, which decide it again', async () => {
  await run(await recorded());
  const opening = await toldOf('segments.opened');
  const { pseudonym } = participant.consent;
  const question = {
    action: 'recording.refine',
    programme: trial.charter.programme,
    phase: 'active',
    owner: { kind: 'participant', pseudonym, consents: true },
  };
  expect(opening).toMatchObject({ decision: { question, version: keeper.policies.version } });
  expect(replayOpening(keeper.policies, opening)).toBe('same');
  const decision = opening.decision as object;
  const halted = { ...decision, question: { ...question, phase: 'halted' } };
  expect(replayOpening(keeper.policies, { ...opening, decision: halted })).toBe('another-answer');
  expect(replayOpening(await forbidding('recording.refine'), opening)).toBe('other-policies');
  expect(replayOpening(keeper.policies, await toldOf('segments.opening'))).toBeUndefined();
});

test('what it forbids to view, build and export is opened by nobody', async () => {
  for (const one of [participant, await joined()]) await run(await recorded(one));
  const candidates = server.reports.map(({ trajectories }) => trajectories[0]?.facts.id ?? '');
  const [trajectory = ''] = candidates;
  const grant = await approvedGrant();
  const release = newId('rel');
  const build: Job = { kind: 'build', release, grant, recipe, candidates };
  const { job: view } = await ownReading(keeper, participant, trajectory);
  const denied = { outcome: 'failed', reason: 'denied-by-policy' };
  tasks.length = 0;
  expect(await run(view, await forbidding('trajectory.open'))).toEqual(denied);
  expect(await run(build, await forbidding('release.build'))).toEqual(denied);
  expect(tasks).toEqual([]);
  expect(await kindsIn(trial)).not.toContain('trajectories.opened');
  expect(await run(build)).toMatchObject({ outcome: 'done' });
  tasks.length = 0;
  const closed = await forbidding('release.export', 'release.rebuild');
  const asked = { release, grant } as const;
  expect(await run({ kind: 'export', ...asked, format: 'parquet' }, closed)).toEqual(denied);
  expect(await run({ kind: 'rebuild', ...asked, workers: 1 }, closed)).toEqual(denied);
  expect(tasks).toEqual([]);
});

test('where later policies are in force, jobs wait for the version that carries them', async () => {
  const job = await recorded();
  const { steward, officer } = trial.persons;
  const common = { v: 1, programme: trial.charter.programme, at: instantOf(startMs) } as const;
  const digest = '77'.repeat(32);
  const later = { ...common, kind: 'policy', number: 2, digest } as const;
  await trial.accept(await sign(later, steward, officer));
  const waits = { outcome: 'retry', reason: 'policies-not-in-force' };
  tasks.length = 0;
  expect(await run(job)).toEqual(waits);
  expect(await run({ kind: 'issue-keys', ...owner() })).toEqual(waits);
  expect(tasks).toEqual([]);
  const { version } = keeper.policies;
  const back = { ...common, kind: 'policy', number: 3, digest: version } as const;
  await trial.accept(await sign(back, steward, officer));
  expect(await run(job)).toMatchObject({ outcome: 'done' });
});
