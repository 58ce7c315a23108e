import { rm } from 'node:fs/promises';
import type { CapturedEvent } from '@handrail/core/events';
import { randomBytes } from '@handrail/core/seal';
import {
  type Grant,
  type ManifestFile,
  type ReadingSubject,
  type Recipe,
  sign,
} from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeImage } from '../../worker/images.ts';
import { drawn } from '../../worker/pixels/sample-screen.ts';
import { readMark } from '../../worker/read-mark.ts';
import { runJob } from '../jobs.ts';
import type { KeeperContext } from '../keeper-context.ts';
import { hasPassed } from '../refined-sessions.ts';
import { handIn, kindsIn, type TrialServer, trialKeeper } from '../trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from '../trial/programme.ts';
import { chunksRead, ownReading, trialReading } from '../trial/reading.ts';
import { trialStage } from '../trial/stage.ts';
import { startWorkers, type Workers } from '../workers/workers.ts';

const entry = new URL('../../worker/main.ts', import.meta.url).pathname;
const recipe: Recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 1 };
const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const size = { width: 640, height: 200 };
const events: CapturedEvent[] = [
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'run', atMs: 1500, endedAtMs: 1900, text: 'hello', keyCount: 5, field: 0 },
];

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let owner: TrialParticipant;
let session: string;
let segment: string;
let nowMs: number;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  nowMs = startMs;
  trial.ledger.nowMs = () => nowMs;
  const noTask = async () => ({ kind: 'failed', code: 'internal' }) as const;
  keeper = await trialKeeper(folder, trial, server, noTask, () => nowMs, workers.show);
  owner = await trial.join({ manifest: await trial.setManifest(file, 1) });
  const { pseudonym, consentEpoch } = owner.consent;
  await run({ kind: 'issue-keys', pseudonym, consentEpoch });
  session = newId('ses');
  segment = await recorded(0);
  return () => rm(folder, { recursive: true });
});

const run = (job: Job, id: string = newId('job')) => runJob(keeper, id, job);
const refused = (reason: string) => ({ outcome: 'failed', reason });
const passed = (sequence: number, how = session) =>
  keeper.sessions.mark(how, [sequence], '2026-11-23');

/** With two frames; the second cannot be made out where its image is `broken`. */
async function recorded(sequence: number, broken?: Uint8Array): Promise<string> {
  const screen = { ...size, paper: '#fff', patches: [], texts: [] };
  const shown = { ...size, areas: [], filled: [], damagePending: false, displayEpoch: 1 };
  const image = await drawn(screen);
  const frames = [
    { ...shown, atMs: 100, image },
    { ...shown, atMs: 900, image: broken ?? image },
  ];
  return handIn(trial, server, owner, { session, sequence }, { ...file, events, frames });
}

async function granted(changes: Partial<Grant> = {}): Promise<Grant> {
  const scope = { segments: [segment] };
  const signed = await trial.grant(recipe, { tier: 'raw', scope, ...changes });
  server.grants.set(signed.payload.id, signed);
  const { steward, officer } = trial.persons;
  for (const by of [steward, officer]) await trial.approve(signed.payload, by, instantOf(nowMs));
  return signed.payload;
}

function reading({ id: grant }: Grant, subject: ReadingSubject) {
  return trialReading(keeper, owner, trial.persons.researcher, { ...subject, by: { grant } });
}

const readRaw = async (grant: Grant, id = segment) =>
  run((await reading(grant, { segment: id })).job);

test('a grant of tier raw shows what the device sealed, marked and on record', async () => {
  await passed(0);
  const grant = await granted();
  const asked = await reading(grant, { segment });
  const id = newId('job');
  expect(await run(asked.job, id)).toMatchObject({ outcome: 'done' });
  const chunks = await chunksRead(server, id, asked);
  expect(chunks).toHaveLength(2);
  expect(chunks[0]?.segment).toMatchObject({ id: segment, events });
  expect(chunks[0]?.segment?.frames.map(({ atMs }) => atMs)).toEqual([100, 900]);
  for (const { image = new Uint8Array() } of chunks) {
    const frame = await decodeImage(image, size);
    const [mark] = frame ? readMark(frame, 3) : [];
    expect(mark).toEqual([grant.holder, grant.id, '2026-11-23 10:00 utc']);
  }
  expect((await kindsIn(trial)).slice(-2)).toEqual(['segments.opening', 'segments.opened']);
  expect([...server.objects.keys()].filter((key) => key.startsWith('results/'))).toEqual([]);
});

test('a grant for one tier opens nothing of another, whichever way', async () => {
  await passed(0);
  const trajectories = { trajectories: [newId('traj')] };
  const raw = { segments: [segment] };
  for (const [tier, scope] of [
    ['trajectory', trajectories],
    ['raw', trajectories],
    ['trajectory', raw],
    ['release', raw],
  ] as const) {
    const no = refused('grant-of-another-tier');
    expect(await readRaw(await granted({ tier, scope })), tier).toEqual(no);
  }
  const release = await trial.grant(recipe);
  server.grants.set(release.payload.id, release);
  expect(await readRaw(release.payload)).toEqual(refused('grant-of-another-tier'));
  expect(server.chunks.size).toBe(0);
});

test('it opens nothing of a trajectory that a bystander was taken out of', async () => {
  await passed(0);
  const grant = await granted();
  const { pseudonym, consentEpoch } = owner.consent;
  const replaced = { old: newId('traj'), next: newId('traj'), segments: [segment] };
  await keeper.removals.put('ab'.repeat(32), {
    replaced: [{ ...replaced, pseudonym, consentEpoch }],
    ...{ counted: 0, isWhole: true, index: 0, salt: '' },
  });
  expect(await readRaw(grant)).toEqual(refused('removed-for-a-bystander'));
});

test('it opens what it names, once this vault has let that go on, and nothing else', async () => {
  const grant = await granted();
  expect(await readRaw(grant)).toEqual(refused('not-refined'));
  for (const [at, how] of ['quarantined', 'rejected'].entries()) {
    const id = await recorded(at + 1);
    await passed(at + 1);
    await passed(at + 1, `${session} ${how}`);
    const reason = how === 'rejected' ? 'not-refined' : 'in-quarantine';
    expect(await readRaw(await granted({ scope: { segments: [id] } }), id)).toEqual(
      refused(reason),
    );
  }
  await passed(1, `${session} released`);
  expect(hasPassed(keeper.sessions, session, 1)).toBe('yes');
  const other = await recorded(3);
  await passed(3);
  expect(await readRaw(grant, other)).toEqual(refused('grant-for-another-segment'));
  await passed(0);
  expect(await run((await ownReading(keeper, owner, segment)).job)).toEqual(
    refused('not-in-quarantine'),
  );
  expect(server.chunks.size).toBe(0);
  expect((await kindsIn(trial)).includes('segments.opening')).toBe(false);
});

test('its limits are counted, and it ends when it is revoked, while it streams', async () => {
  await passed(0);
  const small = await granted({ bytesMax: 10 });
  expect(await readRaw(small)).toEqual(refused('too-many-bytes'));
  const grant = await granted();
  const { putChunk } = server;
  server.putChunk = async (id, number, box) => {
    await putChunk(id, number, box);
    const { programme } = grant;
    const payload = { v: 1, kind: 'revocation', programme, at: instantOf(nowMs) } as const;
    await trial.accept(await sign({ ...payload, grant: grant.id }, trial.persons.steward));
  };
  expect(await readRaw(grant)).toEqual(refused('grant-revoked'));
  expect([...server.chunks.values()].map(({ length }) => length)).toEqual([1]);
  expect((await kindsIn(trial)).slice(-1)).toEqual(['segments.opened']);
});

test('a frame that cannot be made out is left out, and what was done is shown', async () => {
  segment = await recorded(0, randomBytes(40));
  await passed(0);
  const asked = await reading(await granted(), { segment });
  const id = newId('job');
  expect(await run(asked.job, id)).toMatchObject({ outcome: 'done' });
  const [first, second] = await chunksRead(server, id, asked);
  expect([first?.image === undefined, second]).toEqual([false, {}]);
});
