import { canonicalBytes } from '@handrail/core/canonical-json';
import type { Job } from '@handrail/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTask } from '../../worker/run.ts';
import type { BuildResult, RefineResult, WorkerResult, WorkerTask } from '../../worker/task.ts';
import { runJob } from '../jobs.ts';
import { handIn } from '../trial/keeper.ts';
import { eventsOf, ownerOf, TrialLife, trialManifest, trialRecipe } from '../trial/life.ts';
import { newId, type TrialParticipant } from '../trial/programme.ts';

let life: TrialLife;
let ann: TrialParticipant;

beforeEach(async () => {
  life = await TrialLife.begin({ k: 1 });
  ann = await life.joined();
});
afterEach(() => life[Symbol.asyncDispose]());

/** Runs `job` with a worker that does it, and then says something else. */
async function runTaken(job: Job, lie: (result: WorkerResult, task: WorkerTask) => unknown) {
  const taken = async (task: WorkerTask) => lie(await runTask(task), task) as WorkerResult;
  return runJob({ ...life.keeper, runTask: taken }, newId('job'), job);
}

async function refineJob(): Promise<Job> {
  const session = newId('ses');
  const content = { contexts: trialManifest.contexts, events: eventsOf('hello') };
  const segment = await handIn(life.trial, life.server, ann, { session }, content);
  return { kind: 'refine', ...ownerOf(ann), session, segments: [segment] };
}

/** What the vault has stored, but for what it tells people of openings. */
function storedNames(): readonly string[] {
  return [...life.server.objects.keys()].filter((name) => !name.startsWith('openings/'));
}

/** What the worker says of its one trajectory, changed. */
const trajectory =
  (change: (made: RefineResult['trajectories'][number]) => object) => (result: WorkerResult) => {
    if (result.kind !== 'refine') return result;
    return {
      ...result,
      trajectories: result.trajectories.map((one) => ({ ...one, ...change(one) })),
    };
  };

const headed = (change: object) =>
  trajectory(({ headerBytes }) => {
    const header = JSON.parse(Buffer.from(headerBytes).toString());
    return { headerBytes: Buffer.from(JSON.stringify({ ...header, ...change })) };
  });

/** Facts and header say alike where it was made. */
const placed = (contexts: object[]) =>
  trajectory(({ facts, headerBytes }) => {
    const header = { ...JSON.parse(Buffer.from(headerBytes).toString()), contexts };
    return {
      facts: { ...facts, contexts } as typeof facts,
      headerBytes: Buffer.from(canonicalBytes(header)),
    };
  });

const segments =
  (change: object, ...more: object[]) =>
  (result: WorkerResult) => {
    if (result.kind !== 'refine') return result;
    return {
      ...result,
      segments: [...result.segments.map((one) => ({ ...one, ...change })), ...more],
    };
  };

test('the vault signs nothing of what a worker makes of somebody or something else', async () => {
  const other = await life.joined();
  const job = await refineJob();
  const stored = storedNames();
  const lies = [
    headed({ pseudonym: other.consent.pseudonym }),
    headed({ sealedTo: Buffer.alloc(32, 7).toString('base64url') }),
    headed({ consentEpoch: 2 }),
    headed({ note: 'hello' }),
    trajectory(({ facts }) => ({ facts: { ...facts, actions: 7 } })),
    placed([{ app: 'the word hello' }]),
    placed([{ app: 'mousepad', origin: 'the word hello' }]),
    trajectory(({ facts }) => ({ facts: { ...facts, day: 'hello' } })),
    trajectory(() => ({ segments: [newId('seg')] })),
    segments({ reason: 'hello' }),
    segments({ id: newId('seg') }),
    segments({}, { id: newId('seg'), state: 'rejected' }),
    segments({ state: 'hello' }),
  ];
  for (const lie of lies) {
    life.keeper.workerDeaths.clear();
    expect(await runTaken(job, lie)).toEqual({ outcome: 'retry', reason: 'internal' });
  }
  expect(storedNames()).toEqual(stored);
  expect(life.server.reports).toEqual([]);
  expect(await life.run(job)).toMatchObject({ outcome: 'done' });
});

test('a recording whose worker is taken over each time is set aside', async () => {
  const job = await refineJob();
  const lie = headed({ consentEpoch: 2 });
  const id = newId('job');
  const taken = async (task: WorkerTask) => lie(await runTask(task)) as WorkerResult;
  const keeper = { ...life.keeper, runTask: taken };
  for (let tries = 1; tries < 5; tries++) {
    expect(await runJob(keeper, id, job)).toMatchObject({ outcome: 'retry' });
  }
  expect(await runJob(keeper, id, job)).toMatchObject({ outcome: 'done' });
  expect(life.server.reports.at(-1)).toMatchObject({
    segments: [{ state: 'quarantined', reason: 'worker-failed' }],
    trajectories: [],
  });
});

test('a worker that builds names no file, person or input but those of its job', async () => {
  const candidates = [await life.recorded(ann)];
  const grant = await life.granted();
  const lies: ((built: BuildResult) => object)[] = [
    ({ files }) => ({ files: files.map((file) => ({ ...file, name: '../../trajectories/x' })) }),
    () => ({ inputs: [newId('traj')] }),
    () => ({ manifestDigest: 'hello' }),
    () => ({ participants: 70 }),
    () => ({ trajectories: 70 }),
  ];
  const stored = storedNames();
  for (const lie of lies) {
    const release = newId('rel');
    const job = {
      kind: 'build',
      release,
      grant: grant.id,
      recipe: trialRecipe,
      candidates,
    } as const;
    const outcome = await runTaken(job, (result) =>
      result.kind === 'build' ? { ...result, ...lie(result) } : result,
    );
    expect(outcome).toEqual({ outcome: 'retry', reason: 'internal' });
  }
  expect(storedNames()).toEqual(stored);
  expect(life.server.releases).toEqual([]);
});

test('a worker that answers another task than its own is not heard', async () => {
  const answer = { kind: 'export', bytes: new Uint8Array(3) };
  const outcome = await runTaken(await refineJob(), () => answer);
  expect(outcome).toEqual({ outcome: 'retry', reason: 'internal' });
});
