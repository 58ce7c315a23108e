import { requestDigest, sealRequest } from '@handrail/core/bystander';
import { decodeReleaseManifest, parseTrajectory, releaseFileNames } from '@handrail/core/dataset';
import { type BystanderRemoval, readReleaseList, sign } from '@handrail/core/statement';
import { beforeEach, describe, expect, test } from 'vitest';
import { openTrajectory } from '../worker/open-sealed.ts';
import { runJob } from './jobs.ts';
import { openReleaseManifest, unwrapTrajectory } from './keys/unwrap.ts';
import { entriesIn, kindsIn } from './trial/keeper.ts';
import { ownerOf, TrialLife } from './trial/life.ts';
import { instantOf, newId, type TrialParticipant } from './trial/programme.ts';
import { startWorkers } from './workers/workers.ts';

/** Made up at each run; nobody else has it. */
let handle: string;
let life: TrialLife;
let people: TrialParticipant[];
let trajectories: string[];

beforeEach(async () => {
  handle = `quillfern_${Math.floor(1e8 * Math.random())}`;
  life = await TrialLife.begin();
  people = [await life.joined(), await life.joined(), await life.joined()];
  trajectories = [];
  for (const person of people) trajectories.push(await life.recorded(person));
  return () => life[Symbol.asyncDispose]();
});

async function asked(...sought: string[]): Promise<string> {
  const { keeper, trial, server } = life;
  const box = await sealRequest(keeper.identity.publicKey, trial.charter.programme, sought);
  const request = requestDigest(box);
  server.objects.set(`bystanders/${request}`, box);
  return request;
}

async function decided(request: string, ...by: ('steward' | 'officer' | 'researcher')[]) {
  const { programme } = life.trial.charter;
  const at = instantOf(life.nowMs);
  const payload: BystanderRemoval = { v: 1, kind: 'bystander-removal', programme, request, at };
  await life.trial.accept(await sign(payload, ...by.map((role) => life.trial.persons[role])));
}

/** Of everybody's trajectories, and `more` of the first person's. */
function jobOf(request: string, more: readonly string[] = []) {
  const concerns = people.map((person, at) => {
    const own = [trajectories[at] ?? '', ...(at === 0 ? more : [])];
    return { ...ownerOf(person), trajectories: own };
  });
  return { kind: 'remove-bystander', request, concerns } as const;
}

async function shownIn(sought = handle): Promise<string> {
  const [first] = people;
  if (first === undefined) throw new Error('nobody');
  return life.recorded(first, `ask ${sought} about it`);
}

async function textsOf(id: string): Promise<string> {
  const bytes = life.server.objects.get(`trajectories/${id}`) ?? new Uint8Array();
  const contentKey = await unwrapTrajectory(life.keeper, parseTrajectory(bytes));
  const { actions, instruction } = await openTrajectory(bytes, contentKey);
  return JSON.stringify([instruction, actions.map(({ text }) => text ?? '')]);
}

async function removed(...sought: string[]) {
  const trajectory = await shownIn();
  const request = await asked(...sought);
  await decided(request, 'steward', 'officer');
  const outcome = await life.run(jobOf(request, [trajectory]));
  const next = life.server.removed.at(-1)?.replaced[0]?.next ?? '';
  return { trajectory, request, outcome, next };
}

describe('a request that a steward and an officer decided on', () => {
  test('is carried out: a trajectory takes the place of the one that showed them', async () => {
    const { trajectory, outcome, next } = await removed(handle);
    expect(outcome).toEqual({ outcome: 'done' });
    expect(life.server.removed.at(-1)?.replaced).toEqual([{ old: trajectory, next }]);
    expect(await textsOf(next)).toContain('ask [removed] about it');
    expect(await textsOf(next)).not.toContain(handle);
    const header = (id: string) => {
      const bytes = life.server.objects.get(`trajectories/${id}`) ?? new Uint8Array();
      return parseTrajectory(bytes).header;
    };
    expect(header(next)).toEqual({ ...header(trajectory), trajectory: next });
    const [segment = ''] = header(next).segments;
    expect(life.keeper.removals.hasSegment(segment)).toBe(true);
  });

  test('is carried out by a worker in a process of its own', async () => {
    const entry = new URL('../worker/main.ts', import.meta.url).pathname;
    await using workers = await startWorkers({ entry });
    const trajectory = await shownIn();
    const request = await asked(handle);
    await decided(request, 'steward', 'officer');
    const keeper = { ...life.keeper, runTask: workers.run };
    const outcome = await runJob(keeper, newId('job'), jobOf(request, [trajectory]));
    expect(outcome).toEqual({ outcome: 'done' });
    expect(life.server.removed.at(-1)?.replaced).toMatchObject([{ old: trajectory }]);
  });

  test('ends the old one: who kept its ciphertext has it opened for nobody', async () => {
    const { trajectory } = await removed(handle);
    await expect(textsOf(trajectory)).rejects.toMatchObject({ reason: 'removed-for-a-bystander' });
    await life.restart();
    await expect(textsOf(trajectory)).rejects.toMatchObject({ reason: 'removed-for-a-bystander' });
  });

  test('is told of in counts that say nothing of fewer than k people', async () => {
    await removed(handle);
    expect(life.server.removed.at(-1)).toMatchObject({ counted: 0, isWhole: true });
  });

  test('leaves what it seeks nowhere in the clear, nor a trace of where it was', async () => {
    const { outcome } = await removed(handle);
    const { server, trial } = life;
    const kept = [
      ...server.objects.values(),
      ...server.nodes.values(),
      ...trial.ledger.files.values(),
    ];
    const all = Buffer.concat(kept).toString('latin1');
    expect(all.length).toBeGreaterThan(10_000);
    const told = JSON.stringify([outcome, server.removed, server.reports]);
    expect(`${all}${told}`).not.toContain(handle);
    const openings = (await entriesIn(trial)).filter(({ kind }) => kind === 'trajectories.opening');
    expect(openings.map(({ tags }) => tags?.length)).toEqual([1, 1, 1]);
    expect((await kindsIn(trial)).at(-1)).toBe('bystander.removed');
  });

  test('may be run again, and comes to the same', async () => {
    const { trajectory, request } = await removed(handle);
    await life.run(jobOf(request, [trajectory]));
    const [first, second] = life.server.removed;
    expect({ ...second, job: first?.job }).toEqual(first);
  });

  test('supersedes releases, which are built again with what took the place', async () => {
    const trajectory = await shownIn();
    const { id: grant } = await life.granted();
    const release = await life.built(grant, [...trajectories, trajectory]);
    const other = await life.built(grant, trajectories);
    const request = await asked(handle);
    await decided(request, 'steward', 'officer');
    await life.run(jobOf(request, [trajectory]));
    expect(await life.keeper.lists.standing(release)).toMatchObject({ reason: 'bystander' });
    expect(await life.keeper.lists.standing(other)).toMatchObject({ state: 'good' });
    expect(await life.run({ kind: 'review-releases' })).toEqual({ outcome: 'done' });
    const { supersededBy = '' } = (await life.keeper.lists.standing(release)) ?? {};
    const next = life.server.removed.at(-1)?.replaced[0]?.next ?? '';
    expect(await inputsOf(supersededBy)).toEqual([...trajectories, next].sort());
    expect(await life.run({ kind: 'export', release, grant, format: 'agentnet' })).toMatchObject({
      reason: 'release-superseded',
    });
  });
});

async function inputsOf(release: string): Promise<string[]> {
  const record = await life.keeper.keyring.release(release);
  const sealed = life.server.objects.get(`releases/${release}/${releaseFileNames.manifest}`);
  if (record === undefined || sealed === undefined) throw new Error('no manifest');
  const { bytes } = await openReleaseManifest(record.privateKey, release, sealed);
  return decodeReleaseManifest(bytes).inputs.map(({ trajectory }) => trajectory);
}

describe('a request is refused', () => {
  const refusal = async (request: string, more: readonly string[] = []) => {
    const before = (await kindsIn(life.trial)).length;
    const outcome = await life.run(jobOf(request, more));
    expect(life.server.removed).toEqual([]);
    return { ...outcome, entries: (await kindsIn(life.trial)).length - before };
  };

  test.each([[[]], [['steward']], [['officer']], [['steward', 'researcher']]] as const)(
    'by signatures of %j alone, before anything is opened',
    async (by) => {
      const request = await asked(handle);
      if (by.length > 0) await decided(request, ...by);
      const reason = 'request-not-decided';
      expect(await refusal(request)).toEqual({ outcome: 'failed', reason, entries: 0 });
    },
  );

  test('where the server has another box than was decided on', async () => {
    const request = await asked(handle);
    await decided(request, 'steward', 'officer');
    const other = await asked('somebody else');
    const box = life.server.objects.get(`bystanders/${other}`);
    if (box) life.server.objects.set(`bystanders/${request}`, box);
    expect(await refusal(request)).toMatchObject({ reason: 'request-unsound', entries: 0 });
  });

  test('where it would take out a large share of everything', async () => {
    const [first] = people;
    if (first === undefined) throw new Error('nobody');
    const more = [];
    for (let nth = 0; nth < 6; nth++) more.push(await shownIn('save changes'));
    const request = await asked('Save Changes');
    await decided(request, 'steward', 'officer');
    const refused = await refusal(request, more);
    expect(refused).toMatchObject({ outcome: 'failed', reason: 'request-too-wide' });
    expect(await textsOf(more[0] ?? '')).toContain('save changes');
  });

  test('in part: nothing is opened of who has left, and the answer says so', async () => {
    const trajectory = await shownIn();
    const [, second] = people;
    if (second) await life.withdrawn(second);
    const request = await asked(handle);
    await decided(request, 'steward', 'officer');
    await life.run(jobOf(request, [trajectory]));
    expect(life.server.removed.at(-1)).toMatchObject({ isWhole: false });
  });
});

test('a list of releases that this vault signed names the reason, and nobody', async () => {
  const trajectory = await shownIn();
  const { id: grant } = await life.granted();
  await life.built(grant, [...trajectories, trajectory]);
  const request = await asked(handle);
  await decided(request, 'steward', 'officer');
  await life.run(jobOf(request, [trajectory]));
  const { number } = await life.keeper.lists.newest();
  const bytes = life.server.objects.get(`lists/${number}`) ?? new Uint8Array();
  const list = await readReleaseList(bytes, life.keeper.identity.publicKey);
  expect(list?.releases[0]).toMatchObject({ state: 'superseded', reason: 'bystander' });
  expect(JSON.stringify(list)).not.toContain(trajectory);
});
