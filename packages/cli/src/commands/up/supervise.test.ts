import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deathsMax, supervise, type Watch } from './supervise.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-supervise-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A child that runs `source`, and what was told of it. */
async function watching(name: string, source: string) {
  const main = join(folder, `${name}.mjs`);
  await writeFile(main, source);
  const pids: number[] = [];
  const notes: string[] = [];
  const watch: Watch = {
    launch: async () => ({ name, command: [main], log: join(folder, `${name}.log`) }),
    onStart: async (_name, pid) => void pids.push(pid),
    note: (line) => void notes.push(line),
  };
  return { watch, pids, notes };
}

const ready = 'console.log(JSON.stringify({ ready: true, url: "http://127.0.0.1:1" }));';
const stays = `${ready} setInterval(() => {}, 1000);`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a child that cannot start is an error with its last words, not tried again', async () => {
  const { watch, pids } = await watching(
    'hopeless',
    'console.error("Port 1 is in use."); process.exit(3);',
  );
  await expect(supervise(watch)).rejects.toMatchObject({
    code: 'internal',
    message: 'The hopeless did not start: Port 1 is in use.',
  });
  expect(pids).toEqual([]);
});

test('a child that is killed is started again', async () => {
  const { watch, pids, notes } = await watching('steady', stays);
  const part = await supervise(watch);
  process.kill(pids[0] ?? 0, 'SIGKILL');
  await expect.poll(() => pids.length, { timeout: 20_000 }).toBe(2);
  expect(notes).toEqual(['The steady stopped: starting it again.']);
  await part.stop();
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('a child that keeps dying breaks the part in the end', async () => {
  const { watch, pids } = await watching('dying', ready);
  const part = await supervise(watch);
  await expect(part.broken).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining(`The dying stopped ${deathsMax + 1} times: look at `),
  });
  expect(pids).toHaveLength(deathsMax + 1);
  await part.stop();
});

test('stopping asks politely first', async () => {
  const mark = join(folder, 'mark');
  const source = `import { writeFileSync } from 'node:fs';
    process.on('SIGTERM', () => {
      writeFileSync(${JSON.stringify(mark)}, 'tidy');
      process.exit(0);
    });
    ${stays}`;
  const { watch } = await watching('tidy', source);
  const part = await supervise(watch);
  await part.stop();
  expect(await readFile(mark, 'utf8')).toBe('tidy');
});
