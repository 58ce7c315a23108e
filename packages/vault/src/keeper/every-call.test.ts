import { rm } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import { decodeEntry } from '@handrail/core/ledger';
import type { Grant, ManifestFile, Recipe } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorkerResult, WorkerTask } from '../worker/task.ts';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { handIn, kindsIn, showHere, type TrialServer, trialKeeper } from './trial/keeper.ts';
import { newId, type TrialProgramme } from './trial/programme.ts';
import { ownReading, storedTrajectory, trialReading } from './trial/reading.ts';
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
const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'run', atMs: 900, endedAtMs: 1300, text: 'hello', keyCount: 5, field: 0 },
];

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
/** The keeper's calls to the outside are counted, and one of them fails. */
let calls: number;
let failAt: number;
/** Intents in the ledger at each moment when content was about to be in the clear, or left. */
let intentsAt: number[];
let tasks: number;
let results: Map<string, WorkerResult>;

beforeAll(async () => {
  workers = await startWorkers({ entry });
  ({ folder, trial, server } = await trialStage({ k: 1 }));
});
afterAll(async () => {
  await workers[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function intents(): Promise<number> {
  return (await kindsIn(trial)).filter((kind) => kind.endsWith('.opening')).length;
}

type Wish = Job | ((keeper: KeeperContext) => Promise<Job>);

/** A keeper whose call number `failAt` to server, ledger or worker dies, before it or after. */
async function run(wish: Wish, dies: 'before' | 'after') {
  calls = 0;
  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isHit = calls === failAt;
    if (isHit && dies === 'before') throw killed();
    const answer = await call();
    if (isHit) throw killed();
    return answer;
  };
  const { ledger } = trial;
  const cut: TrialProgramme = {
    ...trial,
    ledger: Object.assign(Object.create(ledger), {
      append: (entries: readonly Uint8Array[]) => counted(() => ledger.append(entries)),
    }),
  };
  const port: TrialServer = {
    ...server,
    getObject: (name) => counted(() => server.getObject(name)),
    putObject: (name, bytes) =>
      counted(async () => {
        if (/^(releases|trajectories|results)\//.test(name)) intentsAt.push(await intents());
        return server.putObject(name, bytes);
      }),
    refined: (report) => counted(() => server.refined(report)),
    awaitReader: (id, wanted) => counted(() => server.awaitReader(id, wanted)),
    putChunk: (id, number, box) => counted(() => server.putChunk(id, number, box)),
  };
  const show: KeeperContext['show'] = (task) => {
    const showing = showHere(task);
    return Object.assign(Object.create(showing), {
      next: () =>
        counted(async () => {
          intentsAt.push(await intents());
          return showing.next();
        }),
    });
  };
  const runTask = (task: WorkerTask) =>
    counted(async () => {
      intentsAt.push(await intents());
      return worked(task);
    });
  const keeper = await trialKeeper(folder, cut, port, runTask, undefined, show);
  return runJob(keeper, newId('job'), typeof wish === 'function' ? await wish(keeper) : wish);
}

/** The same task has the same result: a worker does it once. */
async function worked(task: WorkerTask): Promise<WorkerResult> {
  tasks += 1;
  const result = results.get(task.kind) ?? (await workers.run(task));
  results.set(task.kind, result);
  return result;
}

function killed(): HandrailError {
  return new HandrailError('unreachable', 'The keeper was killed here.');
}

async function approvedGrant(changes: Partial<Grant> = {}): Promise<string> {
  const recipient = await identityToRecipient(await generateIdentity());
  const signed = await trial.grant(recipe, { recipient, ...changes });
  server.grants.set(signed.payload.id, signed);
  for (const by of [trial.persons.steward, trial.persons.officer]) {
    await trial.approve(signed.payload, by);
  }
  return signed.payload.id;
}

/** Runs the job again and again, each time dying one call later, until it gets through. */
async function dieAtEveryCall(wish: Wish, dies: 'before' | 'after') {
  let died = 0;
  for (failAt = 1; ; failAt += 1) {
    const before = await intents();
    intentsAt = [];
    const { outcome } = await run(wish, dies);
    for (const seen of intentsAt) expect(seen, `call ${failAt}`).toBeGreaterThan(before);
    if (outcome === 'done' && calls < failAt) return died;
    if (outcome !== 'done') died += 1;
  }
}

test.each(['before', 'after'] as const)(
  'a keeper that dies %s any call has opened nothing without an entry',
  async (dies) => {
    failAt = 0;
    tasks = 0;
    results = new Map();
    const manifest = await trial.setManifest(file, 1);
    const participant = await trial.join({ manifest });
    const { pseudonym, consentEpoch } = participant.consent;
    const owner = { pseudonym, consentEpoch };
    intentsAt = [];
    expect(await run({ kind: 'issue-keys', ...owner }, dies)).toMatchObject({ outcome: 'done' });
    const session = newId('ses');
    const content = { contexts: file.contexts, events };
    const segments = [await handIn(trial, server, participant, { session }, content)];
    const refine = { kind: 'refine', ...owner, session, segments } as const;
    expect(await dieAtEveryCall(refine, dies)).toBeGreaterThan(5);
    const trajectory = server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
    const grant = await approvedGrant();
    const made = { release: newId('rel'), grant, recipe, candidates: [trajectory] };
    expect(await dieAtEveryCall({ kind: 'build', ...made }, dies)).toBeGreaterThan(4);
    const { release } = made;
    const rebuild = { kind: 'rebuild', release, grant, workers: 1 } as const;
    expect(await dieAtEveryCall(rebuild, dies)).toBeGreaterThan(4);
    const exported = { kind: 'export', release, grant, format: 'agentnet' } as const;
    expect(await dieAtEveryCall(exported, dies)).toBeGreaterThan(4);
    const own = async (keeper: KeeperContext) => {
      const id = await storedTrajectory(keeper, server, participant, 5, { width: 120, height: 60 });
      return (await ownReading(keeper, participant, id)).job;
    };
    expect(await dieAtEveryCall(own, dies)).toBeGreaterThan(12);
    const [segment = ''] = segments;
    const raw = { grant: await approvedGrant({ tier: 'raw', scope: { segments } }) };
    const read = async (keeper: KeeperContext) =>
      (await trialReading(keeper, participant, trial.persons.researcher, { segment, by: raw })).job;
    expect(await dieAtEveryCall(read, dies)).toBeGreaterThan(4);
    expect(tasks).toBeGreaterThan(6);
  },
);

test('every entry of an opening carries the tag of its participant', async () => {
  const tagged: boolean[] = [];
  for (const [path, bytes] of trial.ledger.files) {
    if (!path.startsWith('tile/entries/')) continue;
    const text = Buffer.from(bytes).toString('utf8');
    for (const json of text.match(/\{[^{}]*\}/g) ?? []) {
      const { kind, tags } = decodeEntry(Buffer.from(json));
      if (kind.endsWith('.opening') || kind.endsWith('.opened')) tagged.push(tags?.length === 1);
    }
  }
  expect(tagged.length).toBeGreaterThan(10);
  expect(tagged).not.toContain(false);
});
