import { rm } from 'node:fs/promises';
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import {
  commitment,
  decodeEntry,
  follow,
  parseVerifierLine,
  readEntries,
} from '@handrail/core/ledger';
import type { Signer } from '@handrail/core/seal';
import {
  type Hold,
  type Signed,
  type Statement,
  shreddedPayload,
  sign,
  signersOf,
} from '@handrail/core/statement';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTask } from '../worker/run.ts';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { shredExpired } from './keys/retention.ts';
import { kindsIn, type TrialServer, trialKeeper } from './trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './trial/programme.ts';
import { trialStage } from './trial/stage.ts';

const dayMs = 86_400_000;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let participant: TrialParticipant;
let nowMs: number;

beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  nowMs = startMs;
  trial.ledger.nowMs = () => nowMs;
  keeper = await trialKeeper(folder, trial, server, runTask, () => nowMs);
  participant = await trial.join();
  await runJob(keeper, newId('job'), { kind: 'issue-keys', ...owner() });
});
afterEach(() => rm(folder, { recursive: true }));

function owner() {
  const { pseudonym, consentEpoch } = participant.consent;
  return { pseudonym, consentEpoch };
}

const shred = (id = newId('job')) => runJob(keeper, id, { kind: 'shred', ...owner() });
const keysLeft = async () => (await keeper.keyring.dayKeyNames(owner())).length;

async function place(changes: Partial<Hold>, ...signers: readonly Signer[]) {
  const hold: Hold = {
    ...({ v: 1, kind: 'hold', programme: trial.charter.programme, hold: newId('hold') } as const),
    ...{ at: instantOf(nowMs), participant: owner().pseudonym, days: null, reason: 'order 1' },
    ...changes,
  };
  const signed = await sign(hold, ...signers);
  await trial.accept(signed);
  return signed;
}

async function release({ payload: { hold } }: Signed<Hold>, ...signers: readonly Signer[]) {
  const { programme } = trial.charter;
  const at = instantOf(nowMs);
  await trial.accept(
    await sign({ v: 1, kind: 'hold-release', programme, hold, at } as const, ...signers),
  );
}

async function withdraw(): Promise<number> {
  const { programme } = trial.charter;
  const left = { v: 1, kind: 'erasure', programme, ...owner(), at: instantOf(nowMs) } as const;
  return trial.accept(await sign(left as Statement, participant.device));
}

test('a hold of two roles keeps keys that would go, and opens nothing of who left', async () => {
  const { steward, officer } = trial.persons;
  const hold = await place({}, steward, officer);
  await withdraw();
  const before = await kindsIn(trial);
  expect(await shred()).toEqual({ outcome: 'retry', reason: 'kept-by-a-hold' });
  nowMs += 400 * dayMs;
  expect(await shredExpired(keeper)).toBe(0);
  nowMs = startMs;
  expect(await keysLeft()).toBe(60);
  expect(await kindsIn(trial)).toEqual(before);
  expect(await runJob(keeper, newId('job'), { kind: 'issue-keys', ...owner() })).toMatchObject({
    reason: 'consent-withdrawn',
  });
  await release(hold, steward);
  expect(await shred()).toMatchObject({ reason: 'kept-by-a-hold' });
  await release(hold, steward, officer);
  expect(await shred()).toMatchObject({ outcome: 'done' });
  expect(await keysLeft()).toBe(0);
});

test('one person, one role, or a role that does not decide holds nothing', async () => {
  const { steward, officer, researcher } = trial.persons;
  await place({}, steward);
  await place({}, officer, officer);
  await place({}, steward, researcher);
  await place({ participant: newId('part') }, steward, officer);
  await place({ programme: newId('prog') }, steward, officer);
  await withdraw();
  expect(await shred()).toMatchObject({ outcome: 'done' });
  expect(await keysLeft()).toBe(0);
});

test('a hold over some days keeps these alone, and the rest is destroyed at once', async () => {
  const { steward, officer } = trial.persons;
  const days = { from: '2026-11-24', to: '2026-11-25' };
  const hold = await place({ participant: null, days }, steward, officer);
  await withdraw();
  expect(await shred()).toEqual({ outcome: 'retry', reason: 'kept-by-a-hold' });
  expect(await keysLeft()).toBe(4);
  expect(server.certificates).toEqual([]);
  await release(hold, officer, steward);
  // Shown once more by a server that wants to keep it.
  await trial.accept(hold);
  expect(await shredExpired(keeper)).toBe(4);
  expect(await keysLeft()).toBe(0);
});

test('the vault certifies what was destroyed, the same however often it is killed', async () => {
  const asked = await withdraw();
  const job = newId('job');
  const told = keeper.ledger.record;
  const dying = { ...keeper, ledger: { ...keeper.ledger, record: async () => Promise.reject() } };
  expect(await runJob(dying, job, { kind: 'shred', ...owner() })).toMatchObject({
    outcome: 'retry',
  });
  expect(await keysLeft()).toBe(0);
  keeper = { ...keeper, ledger: { ...keeper.ledger, record: told } };
  expect(await shred(job)).toMatchObject({ outcome: 'done' });
  const [certificate] = server.certificates;
  if (certificate === undefined) throw new Error('There is no certificate.');
  expect(certificate.payload).toMatchObject({ ...owner(), asked, keys: 60 });
  expect([...(await signersOf(certificate))]).toEqual([keeper.identity.publicKey]);
  const { index, salt } = certificate.payload.shredded;
  const entry = await entryAt(index);
  const payload = shreddedPayload({ ...owner(), job });
  expect(entry).toMatchObject({
    kind: 'keys.shredded',
    commitment: commitment(fromBase64url(salt), canonicalBytes(payload)),
  });
});

async function entryAt(index: number) {
  const { reader } = trial.ledger;
  const log = parseVerifierLine(trial.charter.logVerifier);
  const step = await follow(reader, undefined, { log, witnesses: [], quorum: 0 });
  if (step.kind === 'refused') throw new Error(step.reason);
  for await (const one of readEntries(reader, step.checkpoint, index))
    return decodeEntry(one.bytes);
  return undefined;
}
