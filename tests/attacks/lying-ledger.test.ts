// A server that lies about the ledger, to an honest keeper and an honest device: it can refuse,
// never obtain, and what it shows differently to two of them contradicts itself.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from '@handrail/agent/home/home';
import { followLedger, ledgerEvidence } from '@handrail/agent/ledger/known-ledger';
import { checkpointPath, encodeEntry, verifierKey, verifierLine } from '@handrail/core/ledger';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { sign } from '@handrail/core/statement';
import { type Job, policyOf } from '@handrail/core/wire';
import { LedgerFiles } from '@handrail/server/ledger/ledger-files';
import { LedgerLog } from '@handrail/server/ledger/ledger-log';
import { Witness } from '@handrail/server/ledger/witnesses';
import { startWitness } from '@handrail/testbed/witness';
import { runJob } from '@handrail/vault/keeper/jobs';
import { handIn, type TrialServer, trialKeeper } from '@handrail/vault/keeper/trial/keeper';
import {
  instantOf,
  newId,
  startMs,
  TrialLedger,
  type TrialParticipant,
  type TrialProgramme,
} from '@handrail/vault/keeper/trial/programme';
import { trialStage } from '@handrail/vault/keeper/trial/stage';
import { startWorkers, type Workers } from '@handrail/vault/keeper/workers/workers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';

const entry = new URL('../../packages/vault/src/worker/main.ts', import.meta.url).pathname;
const contexts = [{ app: 'mousepad', mode: 'full' as const }];
const signals = ['key', 'pointer', 'window', 'focus', 'frame'] as const;

let workers: Workers;
let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let ann: TrialParticipant;
/** How often content was about to be in the clear. */
let opened: number;

beforeAll(async () => {
  workers = await startWorkers({ entry });
});
afterAll(() => workers[Symbol.asyncDispose]());
beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  opened = 0;
  const manifest = await trial.setManifest({ version: 1, signals: [...signals], contexts }, 1);
  ann = await trial.join({ manifest });
  expect(await run({ kind: 'issue-keys', ...owner() })).toMatchObject({ outcome: 'done' });
});
afterEach(() => rm(folder, { recursive: true }));

function owner() {
  const { pseudonym, consentEpoch } = ann.consent;
  return { pseudonym, consentEpoch };
}

async function run(job: Job) {
  const keeper = await trialKeeper(folder, trial, server, (task) => {
    opened += 1;
    return workers.run(task);
  });
  return runJob(keeper, newId('job'), job);
}

async function refineJob(): Promise<Job> {
  const session = newId('ses');
  const segment = await handIn(trial, server, ann, { session }, { contexts });
  return { kind: 'refine', ...owner(), session, segments: [segment] };
}

/** The ledger so far, to be shown again later. */
function copyOf({ ledger }: TrialProgramme): () => void {
  const files = new Map(ledger.files);
  return () => {
    ledger.files.clear();
    for (const [path, bytes] of files) ledger.files.set(path, bytes);
  };
}

async function withdraw(): Promise<number> {
  const { programme } = ann.consent;
  const at = instantOf(startMs);
  const withdrawal = { v: 1 as const, kind: 'withdrawal' as const, programme, ...owner(), at };
  return trial.accept(await sign(withdrawal, ann.device));
}

test('an honest ledger opens, and the same job again does not', async () => {
  const job = await refineJob();
  expect(await run(job)).toMatchObject({ outcome: 'done' });
  expect(opened).toBe(1);
  await run(job);
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'already-refined' }]);
  expect(opened).toBe(1);
});

test('a head that the server signs with a key of its own opens nothing', async () => {
  const job = await refineJob();
  const signer = await signerFromSeed(newSigningSeed());
  Object.assign(trial.ledger, { log: { ...trial.ledger.log, signer } });
  expect(await run(job)).toMatchObject({ outcome: 'retry', reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('a head that no witness has cosigned, or long ago, opens nothing', async () => {
  const job = await refineJob();
  trial.ledger.nowMs = () => startMs - 61_000;
  expect(await run(job)).toMatchObject({ reason: 'ledger.unverified' });
  trial.ledger.nowMs = () => startMs;
  trial.ledger.witnessed = false;
  expect(await run(job)).toMatchObject({ reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('a keeper that is kept on an old part of the ledger opens nothing', async () => {
  const job = await refineJob();
  const old = copyOf(trial);
  const append = trial.ledger.append.bind(trial.ledger);
  trial.ledger.append = async (entries) => {
    const appended = await append(entries);
    old();
    return appended;
  };
  expect(await run(job)).toMatchObject({ reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('a withdrawal whose text is withheld stops the openings of everyone', async () => {
  const job = await refineJob();
  trial.payloads.delete(await withdraw());
  expect(await run(job)).toMatchObject({ reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('a withdrawal is not taken out of the ledger again', async () => {
  const job = await refineJob();
  const before = copyOf(trial);
  const leaf = await withdraw();
  await run(job);
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'consent-withdrawn' }]);
  before();
  trial.payloads.delete(leaf);
  expect(await run(job)).toMatchObject({ reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('a keeper that was copied before a withdrawal is not kept in the time before it', async () => {
  const job = await refineJob();
  const copy = await mkdtemp(join(tmpdir(), 'lying-ledger-copy-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  await cp(folder, copy, { recursive: true });
  const old = copyOf(trial);
  await withdraw();
  await run(job);
  expect(server.reports.at(-1)?.segments).toMatchObject([{ reason: 'consent-withdrawn' }]);
  const append = trial.ledger.append.bind(trial.ledger);
  trial.ledger.append = async (entries) => {
    const appended = await append(entries);
    old();
    return appended;
  };
  old();
  const forked = await trialKeeper(copy, trial, server, (task) => {
    opened += 1;
    return workers.run(task);
  });
  expect(await runJob(forked, newId('job'), job)).toMatchObject({ reason: 'ledger.unverified' });
  expect(opened).toBe(0);
});

test('one history for the vault and another for a device contradict each other', async () => {
  const home = new Home(folder);
  const policy = policyOf(trial.charter);
  expect((await followLedger(home, trial.ledger.reader, policy, startMs)).kind).toBe('continues');
  // The same log key and a witness that colludes: a history of its own for this device.
  const other = new TrialLedger(trial.ledger.log, trial.ledger.witness);
  const at = instantOf(startMs);
  for (let count = 0; count < 40; count++) {
    await other.append([encodeEntry({ v: 1, kind: 'segments.accepted', at, count })]);
  }
  const followed = await followLedger(home, other.reader, policy, startMs);
  expect(followed).toEqual({ kind: 'broken', reason: 'inconsistent' });
  expect((await ledgerEvidence(home))?.shown).toContain(trial.charter.logVerifier.split('+')[0]);
});

test('an honest witness cosigns one history only', async () => {
  const signer = { name: 'fork.test/log', signer: await signerFromSeed(newSigningSeed()) };
  const logs = [verifierLine(verifierKey(signer.name, signer.signer.publicKey, 'ed25519'))];
  const [keyFile, stateFile] = [join(folder, 'eye-key'), join(folder, 'eye-state')];
  const eye = await startWitness({ keyFile, stateFile, port: 0, logs });
  const history = async (name: string) => {
    const files = await LedgerFiles.open(join(folder, name));
    return LedgerLog.open({ files, signer, witnesses: [new Witness(eye)], witnessQuorum: 1 });
  };
  const entryOf = (count: number) =>
    encodeEntry({ v: 1, kind: 'segments.accepted', at: instantOf(startMs), count });
  try {
    await using first = await history('first');
    await first.append([entryOf(1), entryOf(2)]);
    const second = await history('second');
    const forked = second.append([entryOf(1), entryOf(9), entryOf(3)]);
    const refused = expect(forked).rejects.toThrow('Too few witnesses');
    await first.append([entryOf(3)]);
    await second[Symbol.asyncDispose]();
    await refused;
    expect(await second.files.readTile(checkpointPath)).toBeUndefined();
  } finally {
    await eye.close();
  }
});
