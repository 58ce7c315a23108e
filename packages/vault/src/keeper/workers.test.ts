import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkerTask } from '../worker/task.ts';
import { startWorkers, type WorkerOptions } from './workers.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workers-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

const task: WorkerTask = {
  kind: 'view',
  bytes: new Uint8Array(3).fill(1),
  contentKey: new Uint8Array(32).fill(2),
  readingKey: new Uint8Array(32).fill(3),
  aad: 'job',
};

/** Runs `body` as a worker; what it returns comes back as the box of a view. */
async function inWorker(body: string, options: Partial<WorkerOptions> = {}) {
  const entry = join(folder, 'worker.mjs');
  const text = `process.once('message', async (task) => {
    const boxed = (value) => Buffer.from(JSON.stringify(value));
    const answer = (value) => process.send({ kind: 'view', box: boxed(value) });
    ${body}
  });`;
  await writeFile(entry, text, { mode: 0o644 });
  await using workers = await startWorkers({ entry, memoryMib: 64, ...options });
  const result = await workers.run(task);
  const said = result.kind === 'view' ? JSON.parse(Buffer.from(result.box).toString()) : undefined;
  return { result, said, says: workers.isolation.says };
}

test('a task and its bytes arrive whole, and the answer comes back', async () => {
  const { said } = await inWorker('answer([task.kind, [...task.bytes], task.aad]);');
  expect(said).toEqual(['view', [1, 1, 1], 'job']);
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

test('where it says so, a worker has no network and is not root', async () => {
  const { said, says } = await inWorker(`
    const { networkInterfaces } = await import('node:os');
    answer({ uid: process.getuid(), interfaces: Object.keys(networkInterfaces()) });
  `);
  if (says.includes('no network')) expect(said.interfaces).toEqual([]);
  if (says.includes('no root')) expect(said.uid).toBe(65_534);
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
