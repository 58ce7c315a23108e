import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointPath, decodeEntry, encodeEntry, readEntries } from '@handrail/core/ledger';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVault, readIdentity } from '../../secrets.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import {
  newId,
  startMs,
  TrialLedger,
  type TrialProgramme,
  trialProgramme,
} from '../trial/programme.ts';
import { Checkpoints } from './checkpoint.ts';
import { type Intent, type LedgerParts, ledgerAccess } from './ledger-access.ts';
import { Statements } from './statements.ts';
import { TagNumbers } from './tag-numbers.ts';

const carried = '44'.repeat(32);
let folder: string;
let trial: TrialProgramme;
let nowMs: number;
let owner: ParticipantEpoch;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-access-'));
  trial = await trialProgramme((await createVault(folder)).publicKey);
  nowMs = startMs;
  trial.ledger.nowMs = () => nowMs;
  const { consent } = await trial.join();
  owner = { pseudonym: consent.pseudonym, consentEpoch: consent.consentEpoch };
});
afterEach(() => rm(folder, { recursive: true }));

async function access(changes: Partial<LedgerParts> = {}) {
  const { reader } = trial.ledger;
  return ledgerAccess({
    reader,
    append: (entries) => trial.ledger.append(entries),
    checkpoints: await Checkpoints.open(
      folder,
      reader,
      () => trial.charter,
      () => nowMs,
    ),
    statements: await Statements.open(folder, trial.charter, trial.statements, carried),
    nowMs: () => nowMs,
    programme: trial.charter.programme,
    identity: await readIdentity(folder),
    numbers: await TagNumbers.open(folder),
    putObject: async () => undefined,
    ...changes,
  });
}

/** Having read the ledger once, as every run does before it asks for anything. */
async function ready(changes: Partial<LedgerParts> = {}) {
  const ledger = await access(changes);
  await ledger.state();
  return ledger;
}

const intent = (): Intent => ({
  kind: 'segments.opening',
  job: newId('job'),
  purpose: 'refine',
  tier: 'raw',
  by: { kind: 'programme' },
  concerns: [{ ...owner, ids: [newId('seg')] }],
});

async function checkpointNow() {
  const { reader } = trial.ledger;
  const checkpoints = await Checkpoints.open(
    folder,
    reader,
    () => trial.charter,
    () => nowMs,
  );
  return checkpoints.next('any');
}

test('an intent stands in the ledger, and says nothing but its kind and second', async () => {
  const asked = intent();
  const { recorded } = await (await ready()).announce([asked]);
  const head = await checkpointNow();
  const texts: string[] = [];
  for await (const { index, bytes } of readEntries(trial.ledger.reader, head)) {
    texts.push(new TextDecoder().decode(bytes));
    if (index !== recorded[0]?.index) continue;
    expect(decodeEntry(bytes)).toMatchObject({ kind: 'segments.opening' });
  }
  expect(texts.join()).not.toContain(asked.concerns[0]?.ids[0]);
  expect(texts.join()).not.toContain(owner.pseudonym);
  expect(texts.join()).not.toContain(asked.job);
});

test('no key without a fresh cosignature', async () => {
  const ledger = await ready();
  trial.ledger.nowMs = () => nowMs - 61_000;
  await expect(ledger.announce([intent()])).rejects.toThrow('not-enough-witnesses');
  trial.ledger.nowMs = () => nowMs + 6_000;
  await expect(ledger.announce([intent()])).rejects.toThrow('not-enough-witnesses');
  trial.ledger.nowMs = () => nowMs - 59_000;
  await expect(ledger.announce([intent()])).resolves.toBeDefined();
});

test('no key without the witness', async () => {
  const ledger = await ready();
  trial.ledger.witnessed = false;
  await expect(ledger.announce([intent()])).rejects.toThrow('not-enough-witnesses');
});

test('no key when the server says that it appended and did not', async () => {
  const elsewhere = { append: async () => ({ firstIndex: 0 }) };
  await expect((await ready(elsewhere)).announce([intent()])).rejects.toThrow('not in the');
  const beyond = { append: async () => ({ firstIndex: 7 }) };
  await expect((await ready(beyond)).announce([intent()])).rejects.toThrow('not in the');
});

test('no key when the ledger is rolled back or forked, also across a restart', async () => {
  await (await ready()).announce([intent()]);
  const old = new Map(trial.ledger.files);
  await (await ready()).announce([intent()]);
  for (const [path, bytes] of old) trial.ledger.files.set(path, bytes);
  await expect((await access()).state()).rejects.toThrow('rollback');
  const fork = await trialProgramme('A'.repeat(43));
  for (let at = 0; at < 9; at++) await fork.join();
  const forged = { reader: fork.ledger.reader };
  await expect(
    (
      await access({
        checkpoints: await Checkpoints.open(
          folder,
          forged.reader,
          () => trial.charter,
          () => nowMs,
        ),
      })
    ).state(),
  ).rejects.toThrow('unsigned');
});

/** What the log's own key and the witness sign instead of what was: entries by their counts. */
async function rewritten(...counts: readonly number[]): Promise<void> {
  const other = new TrialLedger(trial.ledger.log, trial.ledger.witness);
  const at = '2026-11-23T10:00:00Z';
  for (const count of counts) {
    await other.append([encodeEntry({ v: 1, kind: 'segments.accepted', at, count })]);
  }
  trial.ledger.files.clear();
  for (const [path, bytes] of other.files) trial.ledger.files.set(path, bytes);
}

test.each([
  ['cut', [1, 2], 'rollback'],
  ['edited', [1, 7, 3], 'fork'],
  ['cut and grown again', [1, 2, 7, 4], 'inconsistent'],
] as const)('a ledger that was %s opens nothing, whoever signed it', async (_how, counts, why) => {
  await rewritten(1, 2, 3);
  await checkpointNow();
  await rewritten(...counts);
  await expect((await access()).state()).rejects.toThrow(why);
});

test('an entry that is edited or missing under a signed checkpoint opens nothing', async () => {
  await checkpointNow();
  const [path = ''] = [...trial.ledger.files.keys()].filter((one) => one.includes('/entries/'));
  const bytes = trial.ledger.files.get(path) ?? new Uint8Array();
  trial.ledger.files.set(path, bytes.with(20, (bytes[20] ?? 0) ^ 1));
  await expect((await access()).state()).rejects.toThrow('not what was signed');
  trial.ledger.files.delete(path);
  await expect((await access()).state()).rejects.toThrow('missing or damaged');
});

test('a clock turned back behind the witnesses opens nothing, also after a restart', async () => {
  nowMs = startMs + 600_000;
  await (await ready()).announce([intent()]);
  nowMs = startMs + 541_000;
  await expect((await access()).state()).resolves.toBeDefined();
  nowMs = startMs + 300_000;
  await expect((await access()).state()).rejects.toThrow('behind the witnesses');
  await expect((await access()).announce([intent()])).rejects.toThrow();
  nowMs = startMs + 900_000;
  trial.ledger.nowMs = () => startMs + 600_000;
  await expect((await ready()).announce([intent()])).rejects.toThrow('not-enough-witnesses');
});

test('a missing checkpoint is a plain no', async () => {
  trial.ledger.files.delete(checkpointPath);
  await expect((await access()).state()).rejects.toThrow('no-checkpoint');
});
