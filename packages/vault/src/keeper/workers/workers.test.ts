import { once } from 'node:events';
import { chmod, mkdtemp, open, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVault } from '../../secrets.ts';
import type { WorkerTask } from '../../worker/task.ts';
import { lockFolder } from '../folder/folder-lock.ts';
import { startWorkers, type WorkerOptions } from './workers.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workers-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

const task: WorkerTask = {
  kind: 'export',
  release: 'job',
  files: [{ name: 'x', bytes: new Uint8Array(3).fill(1), contentKey: new Uint8Array(32).fill(2) }],
  format: 'agentnet',
  recipient: 'age1',
  header: new Uint8Array(),
};

/** Runs `body` as a worker; what it returns comes back as the bytes of an export. */
async function inWorker(body: string, options: Partial<WorkerOptions> = {}, order = task) {
  const entry = join(folder, 'worker.mjs');
  const text = `process.once('message', async (task) => {
    const boxed = (value) => Buffer.from(JSON.stringify(value));
    const answer = (value) => process.send({ kind: 'export', bytes: boxed(value) });
    ${body}
  });`;
  await writeFile(entry, text, { mode: 0o644 });
  await using workers = await startWorkers({ entry, memoryMib: 64, ...options });
  const result = await workers.run(order);
  const said =
    result.kind === 'export' ? JSON.parse(Buffer.from(result.bytes).toString()) : undefined;
  return { result, said, says: workers.isolation.says };
}

test('a task and its bytes arrive whole, and the answer comes back', async () => {
  const { said } = await inWorker('answer([task.kind, [...task.files[0].bytes], task.release]);');
  expect(said).toEqual(['export', [1, 1, 1], 'job']);
});

test('a worker has no environment, and may not use files or start programs', async () => {
  const { said, says } = await inWorker(`
    const { readFileSync, writeFileSync } = await import('node:fs');
    const { spawnSync } = await import('node:child_process');
    const tries = [
      () => readFileSync('/etc/hostname'),
      () => writeFileSync('/tmp/handrail-worker-was-here', ''),
      () => { const { error } = spawnSync('true'); if (error) throw error; },
    ];
    const tried = (one) => { try { one(); return 'done'; } catch (e) { return e.code; } };
    const codes = tries.map(tried);
    answer({ codes, env: Object.keys(process.env).filter((name) => !name.startsWith('NODE_')) });
  `);
  expect(said.codes).toEqual(Array(3).fill('ERR_ACCESS_DENIED'));
  expect(said.env).toEqual([]);
  expect(says).toContain('permissions');
});

test('what a refining worker starts inherits its walls: no file, no network, no root', async () => {
  const refining = {
    ...({ kind: 'refine', programme: '', pseudonym: '', consentEpoch: 1 } as const),
    ...{ manifests: {}, segments: [], ocr: { kind: 'program', path: '/bin/sh' } as const },
    trajectoryKey: { publicKey: new Uint8Array(32), day: '2026-11-23' },
  };
  const { said, says } = await inWorker(
    `
    const { spawnSync } = await import('node:child_process');
    const { readFileSync } = await import('node:fs');
    const shell = (line) => spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8', env: {} });
    const tried = (one) => { try { one(); return 'done'; } catch (e) { return e.code; } };
    answer({
      file: shell('echo x > ${join(folder, 'written')}').status,
      root: shell('id -u').stdout.trim(),
      devices: shell('grep -c : /proc/net/dev').stdout.trim(),
      own: tried(() => readFileSync('/etc/hostname')),
    });
  `,
    {},
    refining,
  );
  expect(said.own).toBe('ERR_ACCESS_DENIED');
  if (says.includes('bounded memory')) expect(said.file).not.toBe(0);
  if (says.includes('no root')) expect(said.root).not.toBe('0');
  if (says.includes('no network')) expect(said.devices).toBe('1');
});

test('where it says so, a worker has no network and is not root', async () => {
  const listening = createServer((socket) => socket.end());
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { said, says } = await inWorker(`
    const { networkInterfaces } = await import('node:os');
    const { connect } = await import('node:net');
    const socket = connect(${port}, '127.0.0.1');
    const reached = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('error', (error) => resolve(error.code));
    });
    answer({ reached, uid: process.getuid(), interfaces: Object.keys(networkInterfaces()) });
  `);
  listening.close();
  if (says.includes('no network')) {
    expect(said.interfaces).toEqual([]);
    expect(said.reached).toBe('ENETUNREACH');
  } else expect(said.reached).toBe('connected');
  if (says.includes('no root')) expect(said.uid).toBe(65_534);
});

/** What another process of the machine sees of a worker that is at work. */
async function seenFromOutside(pid: number) {
  const of = (name: string) => join('/proc', String(pid), name);
  const files: string[] = [];
  for (const fd of await readdir(of('fd'))) {
    // Some are closed again while they are listed.
    const target = await readlink(join(of('fd'), fd)).catch(() => undefined);
    if (target !== undefined) files.push(target);
  }
  const environment = await readFile(of('environ'), 'latin1');
  const memory = /Max data size +(\d+)/.exec(await readFile(of('limits'), 'latin1'))?.[1];
  return { files, environment, memory };
}

test('a worker at work holds no file, folder or environment of the vault', async () => {
  const vaultFolder = join(folder, 'vault');
  await createVault(vaultFolder);
  await using lock = await lockFolder(vaultFolder);
  await using key = await open(join(vaultFolder, 'vault-identity'), 'r');
  const entry = join(folder, 'hanging.mjs');
  await writeFile(entry, "process.once('message', () => setInterval(() => {}, 1000));");
  await using workers = await startWorkers({ entry, dataMib: 2_000 });
  const hanging = workers.run(task).catch(() => undefined);
  const [pid = 0] = workers.pids;
  await expect.poll(async () => (await seenFromOutside(pid)).environment).not.toContain('PATH=');
  const { files, environment, memory } = await seenFromOutside(pid);
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => file.startsWith(folder))).toEqual([]);
  expect(environment.split('\0').filter((one) => one && !one.startsWith('NODE_'))).toEqual([]);
  if (workers.isolation.says.includes('bounded memory')) {
    expect(memory).toBe(String(2_000 * 1024 * 1024));
  }
  expect([lock, key]).toHaveLength(2);
  await workers[Symbol.asyncDispose]();
  await hanging;
});

test('where it says so, a worker ends where its memory does, also outside the heap', async () => {
  const body = `const all = [];
    for (let mib = 0; mib < 1500; mib += 50) all.push(Buffer.allocUnsafeSlow(50 * 1024 * 1024));
    answer(all.length);`;
  const wide = await inWorker(body, { dataMib: 4_000 });
  expect(wide.said).toBe(30);
  if (!wide.says.includes('bounded memory')) return;
  await expect(inWorker(body, { dataMib: 1_000 })).rejects.toMatchObject({ code: 'internal' });
});

test.each([
  ['that dies', 'process.exit(1);', {}, 'internal'],
  ['that hangs', 'setInterval(() => {}, 1000);', { secondsMax: 1 }, 'timeout'],
  [
    'that eats its memory',
    'const all = []; for (;;) all.push(new Array(1e6).fill({}));',
    {},
    'internal',
  ],
  ['that answers nonsense', "process.send('yes');", {}, 'internal'],
  [
    'that answers too much',
    'answer("x".repeat(5000));',
    { resultBytesMax: 4000 },
    'input.too-large',
  ],
])('a worker %s fails the job', async (_, body, options, code) => {
  await expect(inWorker(body, options)).rejects.toMatchObject({ code });
});

test('an error inside a worker never shows what it was about', async () => {
  const error = await inWorker("throw new Error('hunter2');").catch((thrown: unknown) => thrown);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
});
