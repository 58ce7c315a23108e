// What the ledger takes in: entries per second that are fsynced, signed and cosigned in a published
// checkpoint before their callers are answered, by how many ask at once. It lies in files of its
// own, so the figures are the same with either database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { toBase64url } from '@handrail/core/bytes';
import { encodeEntry, verifierKey, verifierLine } from '@handrail/core/ledger';
import { newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { LedgerFiles } from '@handrail/server/ledger/ledger-files';
import { LedgerLog } from '@handrail/server/ledger/ledger-log';
import { Witness } from '@handrail/server/ledger/witnesses';
import { startWitness } from '@handrail/testbed/witness';
import type { BenchResult } from './runner/bench.ts';

const callers = [1, 64, 1_024] as const;
const secondsPerRound = 3;

export async function run(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  for (const witnessed of [false, true]) {
    for (const count of callers) {
      const name = `leavesWith${count}Callers${witnessed ? 'Witnessed' : ''}PerSecond`;
      figures[name] = await inFolder((folder) => rate(folder, count, witnessed));
    }
  }
  return { name: 'ledger', figures };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function rate(folder: string, count: number, witnessed: boolean): Promise<number> {
  const signer = { name: 'bench.test/log', signer: await signerFromSeed(newSigningSeed()) };
  const logs = [verifierLine(verifierKey(signer.name, signer.signer.publicKey, 'ed25519'))];
  const [keyFile, stateFile] = [join(folder, 'key'), join(folder, 'state')];
  const eye = await startWitness({ keyFile, stateFile, port: 0, logs });
  const witnesses = witnessed ? [new Witness(eye)] : [];
  const files = await LedgerFiles.open(join(folder, 'ledger'));
  const witnessQuorum = witnesses.length;
  const log = await LedgerLog.open({ files, signer, witnesses, witnessQuorum });
  try {
    return await appendFor(log, count);
  } finally {
    await log[Symbol.asyncDispose]();
    await eye.close();
  }
}

/** Each caller appends one entry, waits for its answer, and appends the next. */
async function appendFor(log: LedgerLog, count: number): Promise<number> {
  const fromMs = performance.now();
  const untilMs = fromMs + secondsPerRound * 1_000;
  let leaves = 0;
  const caller = async () => {
    while (performance.now() < untilMs) {
      await log.append([entry()]);
      leaves += 1;
    }
  };
  await Promise.all(Array.from({ length: count }, caller));
  return Math.round((leaves * 1_000) / (performance.now() - fromMs));
}

function entry(): Uint8Array {
  const commitment = toBase64url(randomBytes(32));
  const tags = [toBase64url(randomBytes(16))];
  const at = '2026-11-23T10:00:00Z';
  return encodeEntry({ v: 1, kind: 'segments.accepted', at, commitment, tags, count: 64 });
}
