import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fromUtf8 } from '@handrail/core/bytes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { handrail, handrailJson, startHandrail } from '../../run-command.ts';

interface FirstLine {
  readonly url: string;
  readonly invite: string;
  readonly stewardHome: string;
  readonly officerHome: string;
  readonly researcherHome: string;
  readonly vaultHome: string;
}

let folder: string;
let data: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-up-'));
  data = join(folder, 'organisation');
});

afterEach(async () => {
  for (const child of started.splice(0)) await ended(child);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function up(...more: readonly string[]): Promise<{ child: ChildProcess; told: FirstLine }> {
  const child = startHandrail(['up', '--data', data, '--json', ...more]);
  started.push(child);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const [line] = await once(lines, 'line');
  return { child, told: JSON.parse(String(line)) };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code;
}

async function childPids(): Promise<Readonly<Record<string, number>>> {
  const notes = JSON.parse(await readFile(join(data, 'run', 'children.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries<{ pid: number }>(notes).map(([name, { pid }]) => [name, pid]),
  );
}

async function isHealthy(url: string): Promise<boolean> {
  const reply = await fetch(new URL('/v1/health', url)).catch(() => undefined);
  return reply?.status === 200;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function* filesIn(root: string): AsyncGenerator<string> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
  }
}

describe('one machine', { timeout: 180_000 }, () => {
  test('the first line says where everything is, and keys lie outside the data', async () => {
    const { child, told } = await up('--k', '1');
    expect(Object.keys(told)).toEqual([
      ...['url', 'invite', 'stewardHome', 'officerHome', 'researcherHome'],
      ...['commanderHome', 'proberHome', 'vaultHome'],
    ]);
    expect(told.vaultHome.startsWith(`${data}/`)).toBe(false);
    expect(await isHealthy(told.url)).toBe(true);
    const secrets = [];
    for await (const path of filesIn(told.vaultHome)) {
      expect((await stat(path)).mode & 0o077).toBe(0);
      if (/identity|root/.test(path)) secrets.push((await readFile(path)).subarray(0, 32));
    }
    expect(secrets.length).toBeGreaterThan(0);
    for await (const path of filesIn(data)) {
      const bytes = await readFile(path);
      for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
    }
    for (const home of [told.stewardHome, told.officerHome, told.researcherHome]) {
      expect((await stat(home)).mode & 0o777).toBe(0o700);
      expect((await stat(join(home, 'person.json'))).mode & 0o777).toBe(0o600);
    }
    const charter = JSON.parse(await readFile(join(data, 'programme', 'charter.json'), 'utf8'));
    expect(charter.payload).toMatchObject({ sample: true, k: 1, witnessQuorum: 1 });
    const pids = Object.values(await childPids());
    expect(pids).toHaveLength(3);
    expect(await ended(child)).toBe(0);
    expect(pids.map(isAlive)).toEqual([false, false, false]);
  });

  test('started again it is where it was, and another k is refused', async () => {
    const { told } = await up();
    const charter = JSON.parse(await readFile(join(data, 'programme', 'charter.json'), 'utf8'));
    expect(charter.payload.k).toBe(1);
    const person = JSON.parse(await readFile(join(told.officerHome, 'person.json'), 'utf8'));
    expect(person.programme.url).toBe(told.url);
    expect(told.invite.endsWith(`.${person.programme.fingerprint}`)).toBe(true);
    const second = await handrail(['up', '--data', data, '--json']);
    expect([second.code, second.stdout]).toEqual([3, '']);
    expect(second.stderr).toMatch(/^Stop process \d+: it holds .*\n$/);
    expect(await isHealthy(told.url)).toBe(true);
  });

  test('another k than the charter says is refused', async () => {
    const { code, stderr } = await handrail(['up', '--data', data, '--k', '7']);
    expect([code, stderr]).toEqual([
      2,
      'The charter here says k 1: leave --k out, or name another --data.\n',
    ]);
  });

  test('parts that are killed come back at the same place and go on', async () => {
    const { told } = await up();
    const before = await childPids();
    for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL');
    await expect
      .poll(async () => Object.values(await childPids()).every(isAlive), { timeout: 60_000 })
      .toBe(true);
    await expect.poll(() => isHealthy(told.url), { timeout: 60_000 }).toBe(true);
    const areNew = async () => {
      const now = await childPids();
      return Object.entries(before).every(([name, pid]) => now[name] && now[name] !== pid);
    };
    await expect.poll(areNew, { timeout: 60_000 }).toBe(true);
    const after = await childPids();
    for (const [name, pid] of Object.entries(before)) expect(after[name]).not.toBe(pid);
    // Nothing is written into the ledger without server and witness.
    const manifest = join(folder, 'manifest.json');
    await writeFile(manifest, manifestText);
    const set = () =>
      handrailJson<{ state: string }>(['manifest', 'set', manifest, '--home', told.stewardHome]);
    expect(await set()).toMatchObject({ state: 'pending' });
  });

  test('what a killed up left behind is ended by the next one', async () => {
    const { child, told } = await up();
    const orphans = Object.values(await childPids());
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(orphans.map(isAlive)).toEqual([true, true, true]);
    const next = await up();
    expect(next.told).toEqual(told);
    expect(orphans.map(isAlive)).toEqual([false, false, false]);
    expect(await ended(next.child)).toBe(0);
  });

  test('a folder with other files is left alone', async () => {
    const { code, stderr } = await handrail(['up', '--data', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/holds files of something else: name another --data/);
  });

  test('a first use that was cut off is done again from the start', async () => {
    const cut = join(folder, 'cut');
    const child = startHandrail(['up', '--data', cut, '--json']);
    const vault = `${cut}-vault`;
    await expect
      .poll(
        () =>
          readdir(vault).then(
            (names) => names.length,
            () => 0,
          ),
        { interval: 5, timeout: 60_000 },
      )
      .toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const again = startHandrail(['up', '--data', cut, '--json']);
    started.push(again);
    const [line] = await once(createInterface({ input: again.stdout ?? process.stdin }), 'line');
    expect(JSON.parse(String(line))).toHaveProperty('invite');
    const identity = fromUtf8(await readFile(join(vault, 'vault-identity')));
    expect(identity).toMatch(/^[0-9a-f]{64}\n$/);
  });
});

const manifestText = JSON.stringify({
  version: 1,
  signals: ['key', 'pointer'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
});
