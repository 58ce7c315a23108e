import { rm } from 'node:fs/promises';
import { toBase64url } from '@handrail/core/bytes';
import { newSealKeyPair } from '@handrail/core/seal';
import { type Grant, type Recipe, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { decodeImage } from '../../worker/images.ts';
import { readMark } from '../../worker/read-mark.ts';
import { runJob } from '../jobs.ts';
import type { KeeperContext } from '../keeper-context.ts';
import { kindsIn, type TrialServer, trialKeeper } from '../trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from '../trial/programme.ts';
import {
  chunksRead,
  ownReading,
  type SessionChanges,
  storedTrajectory,
  trialReading,
} from '../trial/reading.ts';
import { trialStage } from '../trial/stage.ts';
import { startWorkers, type Workers } from '../workers/workers.ts';
import { nonceSecondsMax } from './reading-nonces.ts';

const entry = new URL('../../worker/main.ts', import.meta.url).pathname;
const recipe: Recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 1 };
const size = { width: 480, height: 270 };
const hourMs = 3_600_000;

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let owner: TrialParticipant;
let trajectory: string;
let nowMs: number;
let shown: number;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  nowMs = startMs;
  shown = 0;
  trial.ledger.nowMs = () => nowMs;
  keeper = await open();
  owner = await joined();
  trajectory = await storedTrajectory(keeper, server, owner, 6);
  return () => rm(folder, { recursive: true });
});

function open(): Promise<KeeperContext> {
  const noTask = async () => ({ kind: 'failed', code: 'internal' }) as const;
  const show: KeeperContext['show'] = (task) => {
    shown += 1;
    return workers.show(task);
  };
  return trialKeeper(folder, trial, server, noTask, () => nowMs, show);
}

const run = (job: Job, id: string = newId('job')) => runJob(keeper, id, job);

async function joined(): Promise<TrialParticipant> {
  const participant = await trial.join();
  const { pseudonym, consentEpoch } = participant.consent;
  await run({ kind: 'issue-keys', pseudonym, consentEpoch });
  return participant;
}

async function granted(changes: Partial<Grant> = {}): Promise<Grant> {
  const scope = { trajectories: [trajectory] };
  const signed = await trial.grant(recipe, { tier: 'trajectory', scope, ...changes });
  server.grants.set(signed.payload.id, signed);
  const { steward, officer } = trial.persons;
  for (const by of [steward, officer]) await trial.approve(signed.payload, by, instantOf(nowMs));
  return signed.payload;
}

function reading(
  { id: grant }: Grant,
  wanted: SessionChanges & { readonly trajectory?: string } = {},
  signer = trial.persons.researcher,
) {
  return trialReading(keeper, owner, signer, { trajectory, by: { grant }, ...wanted });
}

async function revoke({ id: grant, programme }: Grant): Promise<void> {
  const at = instantOf(nowMs);
  const payload = { v: 1, kind: 'revocation', programme, at, grant } as const;
  await trial.accept(await sign(payload, trial.persons.steward));
}

async function withdraw(): Promise<void> {
  const { programme, pseudonym, consentEpoch } = owner.consent;
  const at = instantOf(nowMs);
  const payload = { v: 1, kind: 'withdrawal', programme, pseudonym, consentEpoch, at } as const;
  await trial.accept(await sign(payload, owner.device));
}

/** `happens` once the reader has come to `place`. */
function whenReaderIsAt(place: number, happens: () => Promise<void>): void {
  const { awaitReader } = server;
  server.awaitReader = async (id, wanted) => {
    if (wanted === place) await happens();
    return awaitReader(id, wanted);
  };
}

const refused = (reason: string) => ({ outcome: 'failed', reason });

test('a grantee reads what the grant names, marked with who, why and when', async () => {
  const grant = await granted();
  const asked = await reading(grant);
  const id = newId('job');
  expect(await run(asked.job, id)).toMatchObject({ outcome: 'done' });
  const chunks = await chunksRead(server, id, asked);
  expect(chunks).toHaveLength(6);
  expect(chunks[0]?.facts?.instruction).toBe('see it');
  for (const { image = new Uint8Array() } of chunks) {
    const frame = await decodeImage(image, size);
    const marks = frame ? readMark(frame, 3) : [];
    expect(marks.length).toBeGreaterThan(3);
    expect(marks[0]).toEqual([grant.holder, grant.id, '2026-11-23 10:00 utc']);
  }
  expect((await kindsIn(trial)).slice(-2)).toEqual(['trajectories.opening', 'trajectories.opened']);
});

test('owners see their own, marked so faintly that their pixels are told from it', async () => {
  const asked = await ownReading(keeper, owner, trajectory);
  const id = newId('job');
  await run(asked.job, id);
  const [first] = await chunksRead(server, id, asked);
  const frame = await decodeImage(first?.image ?? new Uint8Array(), size);
  expect(frame && readMark(frame, 3, 5)[0]).toEqual([
    owner.consent.pseudonym,
    'own view',
    '2026-11-23 10:00 utc',
  ]);
  expect(frame?.pixels.every((value) => value >= 245)).toBe(true);
});

test('a grant for one trajectory opens no other, and no other tier', async () => {
  const other = await storedTrajectory(keeper, server, owner, 1);
  const grant = await granted();
  expect(await run((await reading(grant, { trajectory: other })).job)).toEqual(
    refused('grant-for-another-trajectory'),
  );
  for (const tier of ['raw', 'release'] as const) {
    expect(await run((await reading(await granted({ tier }))).job)).toEqual(
      refused('grant-of-another-tier'),
    );
  }
  const released = await trial.grant(recipe);
  server.grants.set(released.payload.id, released);
  expect(await run((await reading(released.payload)).job)).toEqual(
    refused('grant-of-another-tier'),
  );
  expect(shown).toBe(0);
});

test('a session signed for one grant does not open with another', async () => {
  const [one, two] = [await granted(), await granted()];
  const { job } = await reading(one);
  server.grants.set(one.id, server.grants.get(two.id) ?? missing());
  expect(await run(job)).toEqual(refused('grant-unknown'));
  const { session } = await reading(two);
  const payload = { ...session.payload, by: { grant: one.id } };
  server.grants.set(one.id, await sign(one, trial.persons.researcher));
  expect(await run({ ...job, session: { ...session, payload } })).toEqual(
    refused('session-not-signed'),
  );
  expect(shown).toBe(0);
});

test('a session of somebody else, or with another key put in, opens nothing', async () => {
  const grant = await granted();
  const { steward } = trial.persons;
  expect(await run((await reading(grant, {}, steward)).job)).toEqual(refused('session-not-signed'));
  const { job } = await reading(grant);
  const sessionKey = toBase64url((await newSealKeyPair()).publicKey);
  const payload = { ...job.session.payload, sessionKey };
  expect(await run({ ...job, session: { ...job.session, payload } })).toEqual(
    refused('session-not-signed'),
  );
  expect(shown).toBe(0);
});

test('a session opens once, while its nonce is fresh, and not after a restart', async () => {
  const grant = await granted();
  const { job } = await reading(grant);
  expect(await run(job)).toMatchObject({ outcome: 'done' });
  expect(await run(job)).toEqual(refused('session-nonce-unknown'));
  const stranger = toBase64url(new Uint8Array(32));
  expect(await run((await reading(grant, { nonce: stranger })).job)).toEqual(
    refused('session-nonce-unknown'),
  );
  const late = await reading(grant);
  const kept = await reading(grant);
  nowMs += (nonceSecondsMax + 1) * 1000;
  expect(await run(late.job)).toEqual(refused('session-nonce-unknown'));
  nowMs = startMs;
  keeper = await open();
  expect(await run(kept.job)).toEqual(refused('session-nonce-unknown'));
  expect(shown).toBe(1);
});

test('a session ends, and none is signed for longer than an hour', async () => {
  const grant = await granted();
  for (const until of [instantOf(nowMs), instantOf(nowMs + 2 * hourMs)]) {
    expect(await run((await reading(grant, { until })).job)).toEqual(refused('session-expired'));
  }
});

test('a grant ends to the second, however often it is asked', async () => {
  const grant = await granted({ hours: 1 });
  const until = instantOf(nowMs + hourMs + 60_000);
  nowMs = startMs + hourMs - 1000;
  trial.ledger.nowMs = () => nowMs;
  const asked = await Promise.all([reading(grant, { until }), reading(grant, { until })]);
  const [first, second] = asked;
  expect(await run(first?.job ?? missing())).toMatchObject({ outcome: 'done' });
  nowMs = startMs + hourMs;
  expect(await run(second?.job ?? missing())).toEqual(refused('grant-expired'));
});

test.each([
  ['the grant is revoked', 'grant-revoked', revoke],
  ['the owner withdraws', 'consent-withdrawn', withdraw],
  [
    'the grant expires',
    'grant-expired',
    async () => {
      nowMs = startMs + 8 * hourMs;
    },
  ],
])('%s: no further chunk is made', async (_what, reason, happens) => {
  const grant = await granted();
  nowMs += 7.5 * hourMs;
  const asked = await reading(grant, { until: instantOf(nowMs + 0.9 * hourMs) });
  whenReaderIsAt(1, () => happens(grant));
  const id = newId('job');
  expect(await run(asked.job, id)).toEqual(refused(reason));
  expect(await chunksRead(server, id, asked)).toHaveLength(4);
  expect((await kindsIn(trial)).at(-1)).toBe('trajectories.opened');
});

test('a server that withholds the revocation gets nothing after a minute', async () => {
  const grant = await granted();
  const asked = await reading(grant);
  whenReaderIsAt(1, async () => {
    const stale = new Map(trial.ledger.files);
    await revoke(grant);
    for (const [path, bytes] of stale) trial.ledger.files.set(path, bytes);
    nowMs += 61_000;
  });
  const id = newId('job');
  expect(await run(asked.job, id)).not.toMatchObject({ outcome: 'done' });
  expect(await chunksRead(server, id, asked)).toHaveLength(4);
});

test('what a grant allows is counted over its life, also across restarts', async () => {
  const other = await storedTrajectory(keeper, server, owner, 1);
  const bytes = server.objects.get(`trajectories/${trajectory}`)?.length ?? 0;
  const scope = { trajectories: [trajectory, other] };
  const grant = await granted({ scope, objectsMax: 1, bytesMax: 2 * bytes });
  expect(await run((await reading(grant)).job)).toMatchObject({ outcome: 'done' });
  keeper = await open();
  expect(await run((await reading(grant, { trajectory: other })).job)).toEqual(
    refused('too-many-objects'),
  );
  expect(await run((await reading(grant)).job)).toMatchObject({ outcome: 'done' });
  keeper = await open();
  expect(await run((await reading(grant)).job)).toEqual(refused('too-many-bytes'));
});

test('a reader who goes away ends the reading', async () => {
  const asked = await reading(await granted());
  server.awaitReader = async () => ({ wanted: -1, open: false });
  const id = newId('job');
  expect(await run(asked.job, id)).toMatchObject({ outcome: 'done' });
  expect(await chunksRead(server, id, asked)).toHaveLength(3);
});

function missing(): never {
  throw new Error('There is no such thing.');
}
