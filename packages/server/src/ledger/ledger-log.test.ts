import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@handrail/core/bytes';
import {
  type LedgerReader,
  parseCheckpoint,
  parseNote,
  parseVerifierLine,
  readEntries,
  verifierKey,
  verifierLine,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { type Witness as RunningWitness, startWitness } from '@handrail/testbed/witness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LedgerFiles } from './ledger-files.ts';
import { LedgerLog } from './ledger-log.ts';
import { Witness } from './witnesses.ts';

const log = { name: 'handrail.test/log', signer: await signerFromSeed(newSigningSeed()) };
const key = verifierKey(log.name, log.signer.publicKey, 'ed25519');
let folder: string;
let eye: RunningWitness;

const startEye = () =>
  startWitness({
    keyFile: join(folder, 'witness-key'),
    stateFile: join(folder, 'witness-state'),
    port: 0,
    logs: [verifierLine(key)],
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  eye = await startEye();
});

afterEach(async () => {
  await eye.close();
  await rm(folder, { recursive: true });
});

const ledgerFolder = () => join(folder, 'ledger');

async function open(): Promise<LedgerLog> {
  const files = await LedgerFiles.open(ledgerFolder());
  const witnesses = [new Witness({ url: eye.url, verifierLine: eye.verifierLine })];
  return LedgerLog.open({ files, signer: log, witnesses, witnessQuorum: 1 });
}

async function entriesIn(reader: LedgerReader): Promise<string[]> {
  const bytes = await reader.readTile('checkpoint');
  if (bytes === undefined) return [];
  const verdict = await verifyCheckpoint(bytes, key, [parseVerifierLine(eye.verifierLine)], 1);
  if (verdict.kind !== 'verified') throw new Error(verdict.reason);
  const entries: string[] = [];
  for await (const entry of readEntries(reader, verdict.checkpoint)) {
    entries.push(Buffer.from(entry.bytes).toString());
  }
  return entries;
}

test('what is appended is cosigned, in order, also beyond full tiles', async () => {
  await using ledger = await open();
  const texts = Array.from({ length: 600 }, (_, at) => `entry ${at}`);
  const appended = await Promise.all(texts.map((text) => ledger.append([utf8(text)])));
  expect(appended.map(({ firstIndex }) => firstIndex)).toEqual(texts.map((_, at) => at));
  await ledger.append([utf8('the last')]);
  expect(await entriesIn(ledger.files)).toEqual([...texts, 'the last']);
});

test('a restart goes on where it stopped', async () => {
  const before = await open();
  await before.append([utf8('one'), utf8('two')]);
  await before[Symbol.asyncDispose]();
  await using after = await open();
  expect(await after.append([utf8('three')])).toEqual({ firstIndex: 2, size: 3 });
  expect(await entriesIn(after.files)).toEqual(['one', 'two', 'three']);
});

test('a checkpoint that only the witness has seen is gone on from, never forked', async () => {
  const before = await open();
  await before.append([utf8('one')]);
  const published = await readFile(join(ledgerFolder(), 'checkpoint'));
  await before.append([utf8('two')]);
  await before[Symbol.asyncDispose]();
  await writeFile(join(ledgerFolder(), 'checkpoint'), published);
  await using after = await open();
  expect(after.size).toBe(2);
  await after.append([utf8('three')]);
  expect(await entriesIn(after.files)).toEqual(['one', 'two', 'three']);
});

test('without its witness an append waits, and is answered once the witness is back', async () => {
  await using ledger = await open();
  await ledger.append([utf8('one')]);
  const { url } = eye;
  await eye.close();
  const waiting = ledger.append([utf8('two')]);
  const { port } = new URL(url);
  eye = await startWitness({
    keyFile: join(folder, 'witness-key'),
    stateFile: join(folder, 'witness-state'),
    port: Number(port),
    logs: [verifierLine(key)],
  });
  expect(await waiting).toEqual({ firstIndex: 1, size: 2 });
});

test('tiles that are not what was signed stop the start', async () => {
  const before = await open();
  await before.append([utf8('one')]);
  await before[Symbol.asyncDispose]();
  await writeFile(join(ledgerFolder(), 'tile/0/000.p/1'), new Uint8Array(32));
  await expect(open()).rejects.toMatchObject({ code: 'ledger.unverified' });
});

test('only ledger files can be read', async () => {
  await using ledger = await open();
  await ledger.append([utf8('one')]);
  for (const path of [
    'pending',
    '../witness-key',
    'tile/../../witness-key',
    '.aside',
    'tile/9/000',
  ]) {
    expect(await ledger.files.readTile(path)).toBeUndefined();
  }
  const note = parseNote((await ledger.files.readTile('checkpoint')) ?? new Uint8Array());
  expect(parseCheckpoint(note?.text ?? '')?.size).toBe(1);
});
