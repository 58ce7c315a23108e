import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fromUtf8 } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { type EntryKind, encodeEntry } from '@handrail/core/ledger';
import { randomBytes } from '@handrail/core/seal';
import { sign } from '@handrail/core/statement';
import { deviceRoutes, vaultRoutes } from '@handrail/core/wire';
import { postgresPrograms, startPostgres } from '@handrail/testbed/postgres';
import {
  activateManifest,
  callAs,
  headerOf,
  instant,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { openOwn } from '@handrail/testbed/sample-reading';
import { afterEach, beforeEach, expect, test } from 'vitest';

const run = promisify(execFile);
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const programs = await postgresPrograms();
const started: ChildProcess[] = [];
let folder: string;
let sample: SampleProgramme;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
});

afterEach(async () => {
  for (const child of started.splice(0)) await end(child, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function start(settings: object = sample.settings) {
  const config = join(folder, 'server.json');
  await writeFile(config, JSON.stringify(settings));
  const child = spawn(process.execPath, [main, config], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const ended = once(child, 'exit').then(([code]) => ({ code, said }));
  const ready = once(createInterface({ input: child.stdout }), 'line').then(([line]) => ({
    child,
    url: String(JSON.parse(line).url),
  }));
  return Promise.race([ready, ended]);
}

async function startReady(settings?: object) {
  const server = await start(settings);
  if ('url' in server) return server;
  throw new Error(server.said);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL') {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
}

async function participantAt(url: string) {
  const manifest = await activateManifest(url, sample);
  const participant = await joinAs(url, sample, manifest);
  return { participant, sealedTo: await issueKeys(url, sample, participant) };
}

async function handIn(
  url: string,
  who: Participant,
  sealedTo: string,
  sequence: number,
  bytes = 1,
) {
  const session = idOf('ses', who.signer.publicKey);
  const segment = await sealed(headerOf(sample, who, sealedTo, { session, sequence }), who, bytes);
  await callAs(url, who, deviceRoutes.putSegment, {
    params: { id: segment.id },
    body: segment.bytes,
  });
  return segment;
}

/** Hands in a segment that the vault makes a trajectory of; gives the trajectory's id. */
async function refine(url: string, who: Participant, sealedTo: string): Promise<string> {
  const session = idOf('ses', randomBytes(32));
  const segment = await sealed(headerOf(sample, who, sealedTo, { session }), who);
  const params = { id: segment.id };
  await callAs(url, who, deviceRoutes.putSegment, { params, body: segment.bytes });
  const id = idOf('traj', randomBytes(32));
  const key = `trajectories/${id}`;
  await callAs(url, sample.vault, vaultRoutes.putObject, {
    params: { '*': key },
    body: new Uint8Array([1]),
  });
  for (;;) {
    const { job } = await callAs(url, sample.vault, vaultRoutes.leaseJob, {
      body: { seconds: 60 },
    });
    if (job === null) throw new Error('There is no such job.');
    if (job.job.kind !== 'refine' || job.job.session !== session) continue;
    const facts = { id, day: headerOf(sample, who, sealedTo).day, actions: 1, contexts: [] };
    const segments = [{ id: segment.id, state: 'refined' as const }];
    const trajectories = [{ facts, segments: [segment.id] }];
    await callAs(url, sample.vault, vaultRoutes.refined, {
      body: { job: job.id, segments, trajectories },
    });
    return id;
  }
}

test('a second server on the same folder is told so, and the first goes on', async () => {
  const first = await startReady();
  const second = await start();
  expect(second).toMatchObject({ code: 3, said: expect.stringContaining('Another server uses') });
  expect((await fetch(`${first.url}/v1/health`)).status).toBe(200);
  expect(await end(first.child, 'SIGTERM')).toBe(0);
});

test('kill -9 during intake loses nothing that was acknowledged', async () => {
  let server = await startReady();
  const { participant, sealedTo } = await participantAt(server.url);
  const acknowledged: string[] = [];
  const killAfter = 25;
  let sequence = 0;
  const lane = async () => {
    for (;;) {
      const { id } = await handIn(server.url, participant, sealedTo, sequence++, 2_000);
      acknowledged.push(id);
      if (acknowledged.length >= killAfter) server.child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: 8 }, lane));
  await end(server.child, 'SIGKILL');
  expect(acknowledged.length).toBeGreaterThanOrEqual(killAfter);
  server = await startReady();
  for (const id of acknowledged) {
    const bytes = await callAs(server.url, sample.vault, vaultRoutes.getObject, {
      params: { '*': `segments/${id}` },
    });
    expect(bytes.length).toBeGreaterThan(2_000);
  }
  const counts = await callAs(server.url, participant, deviceRoutes.segmentCounts);
  expect(counts.accepted).toBeGreaterThanOrEqual(acknowledged.length);
  expect(counts.rejected).toBe(0);
});

test('a database that is gone is rebuilt from ledger, journal and objects', async () => {
  let server = await startReady();
  const { participant, sealedTo } = await participantAt(server.url);
  const { id } = await handIn(server.url, participant, sealedTo, 0);
  await callAs(server.url, sample.vault, vaultRoutes.putNodes, {
    body: { put: { leaf: 'AAAA' }, drop: [] },
  });
  const trajectory = await refine(server.url, participant, sealedTo);
  await end(server.child, 'SIGKILL');
  await rm(join(sample.settings.dataFolder, 'database'), { recursive: true });
  server = await startReady();
  const counts = await callAs(server.url, participant, deviceRoutes.segmentCounts);
  expect(counts).toMatchObject({ accepted: 2, waiting: 1, refined: 1, rejected: 0 });
  const mine = await callAs(server.url, participant, deviceRoutes.trajectories);
  expect(mine.trajectories.map(({ id: made }) => made)).toEqual([trajectory]);
  const { keys } = await callAs(server.url, participant, deviceRoutes.dayKeys);
  expect(keys[0]?.payload.publicKey).toBe(sealedTo);
  const { nodes } = await callAs(server.url, sample.vault, vaultRoutes.getNodes, {
    body: { names: ['leaf'] },
  });
  expect(nodes).toEqual({ leaf: 'AAAA' });
  const jobs: string[][] = [];
  for (;;) {
    const { job } = await callAs(server.url, sample.vault, vaultRoutes.leaseJob, {
      body: { seconds: 60 },
    });
    if (job === null) break;
    if (job.job.kind === 'refine') jobs.push(job.job.segments);
  }
  expect(jobs).toEqual([[id]]);
});

test.skipIf(programs === undefined)(
  'a full disk is a clear error that leaves nothing behind, and goes away with its cause',
  async () => {
    const postgres = await startPostgres(programs ?? '');
    try {
      const { url: databaseUrl } = await postgres.newDatabase();
      const server = await startReady({ ...sample.settings, databaseUrl });
      const { participant, sealedTo } = await participantAt(server.url);
      const limit = (bytes: string) =>
        run('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes}`]);
      await limit('60000:');
      const big = handIn(server.url, participant, sealedTo, 0, 100_000);
      await expect(big).rejects.toMatchObject({ code: 'storage.full' });
      await handIn(server.url, participant, sealedTo, 1, 1_000);
      await limit('unlimited:');
      await handIn(server.url, participant, sealedTo, 0, 100_000);
      const counts = await callAs(server.url, participant, deviceRoutes.segmentCounts);
      expect(counts).toMatchObject({ accepted: 2, rejected: 0 });
      expect(await end(server.child, 'SIGTERM')).toBe(0);
    } finally {
      for (const child of started) await end(child, 'SIGKILL');
      await postgres.stop();
    }
  },
);

test('a database that can write no more ends its server, and starts whole again', async () => {
  let server = await startReady({ ...sample.settings, databaseStallSecondsMax: 10 });
  const { participant, sealedTo } = await participantAt(server.url);
  const id = await refine(server.url, participant, sealedTo);
  await run('prlimit', ['--pid', String(server.child.pid), '--fsize=0:']);
  const ended = once(server.child, 'exit');
  await expect(openOwn(server.url, sample, participant, id)).rejects.toThrow();
  expect((await ended)[0]).toBe(3);
  server = await startReady();
  await openOwn(server.url, sample, participant, id);
});

test('with little room left recordings and openings wait, and who withdraws does not', async () => {
  const reserveBytes = Number.MAX_SAFE_INTEGER;
  const { url } = await startReady({ ...sample.settings, reserveBytes });
  const { participant, sealedTo } = await participantAt(url);
  const handed = handIn(url, participant, sealedTo, 0);
  await expect(handed).rejects.toMatchObject({ code: 'storage.full' });
  const entry = (kind: EntryKind) => fromUtf8(encodeEntry({ v: 1, kind, at: instant() }));
  const append = (kind: EntryKind) =>
    callAs(url, sample.vault, vaultRoutes.append, { body: { entries: [entry(kind)] } });
  await expect(append('segments.opening')).rejects.toMatchObject({ code: 'storage.full' });
  const { programme, pseudonym, consentEpoch } = participant.consent;
  const who = { programme, pseudonym, consentEpoch };
  const withdrawal = { v: 1, kind: 'withdrawal', at: instant(), ...who } as const;
  await callAs(url, participant, deviceRoutes.state, {
    body: { statement: await sign(withdrawal, participant.signer) },
  });
  await append('keys.shredded');
});

test('settings that do not fit are refused with a plain line', async () => {
  await writeFile(sample.settings.noticeFile, 'another notice');
  expect(await start()).toMatchObject({ code: 2, said: expect.stringContaining('notice') });
});
