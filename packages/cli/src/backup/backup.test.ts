import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handrail, handrailJson, startHandrail } from '../run-command.ts';
import { filesIn } from './copy-tree.ts';

const app = 'import:ducktrack';
const pollsMax = 120;

/** A recording of DuckTrack: a click. */
const recording = [
  { time_stamp: 1, action: 'move', x: 10, y: 20 },
  { time_stamp: 1.1, action: 'click', x: 10, y: 20, button: 'left', pressed: true },
  { time_stamp: 1.2, action: 'click', x: 10, y: 20, button: 'left', pressed: false },
];

let folder: string;
let organisation: ReturnType<typeof startHandrail> | undefined;
let told: Readonly<Record<'url' | 'invite' | 'stewardHome' | 'officerHome' | 'vaultHome', string>>;
const at = (name: string) => join(folder, name);
const by = (home: string) => ['--home', home.startsWith('/') ? home : at(home)];

async function up(): Promise<void> {
  organisation = startHandrail(['up', '--data', at('data'), '--k', '1', '--json']);
  const lines = createInterface({ input: organisation.stdout ?? process.stdin });
  const ended = once(organisation, 'exit').then(([code]) => {
    throw new Error(`The organisation ended with ${code}.`);
  });
  told = JSON.parse(String((await Promise.race([once(lines, 'line'), ended]))[0]));
  ended.catch(() => undefined);
}

async function down(): Promise<void> {
  if (organisation?.exitCode !== null) return;
  organisation.kill('SIGTERM');
  await once(organisation, 'exit');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-backup-'));
  await up();
  const signals = ['key', 'pointer', 'window', 'focus', 'frame'];
  const manifest = { version: 1, signals, contexts: [{ app, mode: 'full' }] };
  await writeFile(at('manifest.json'), JSON.stringify(manifest));
  await writeFile(at('events.jsonl'), recording.map((line) => JSON.stringify(line)).join('\n'));
  const set = ['manifest', 'set', at('manifest.json'), ...by(told.stewardHome)];
  const { id } = await handrailJson<{ id: string }>(set);
  await handrailJson(['manifest', 'approve', id, ...by(told.officerHome)]);
  for (const name of ['ann', 'bob']) {
    const invite = ['--invite', told.invite, '--name', name, '--accept'];
    await handrailJson(['join', told.url, ...invite, ...by(name)]);
    await handrailJson(['import', at('events.jsonl'), '--format', 'ducktrack', ...by(name)]);
    await handrailJson(['wait', ...by(name)]);
  }
}, 240_000);

afterAll(async () => {
  await down();
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function trajectories(name: string): Promise<string[]> {
  type Answer = { trajectories: { id: string }[] };
  const answer = await handrailJson<Answer>(['mine', 'list', ...by(name)]);
  return answer.trajectories.map(({ id }) => id);
}

/** Asks until `is` says yes of the answer. */
async function until<T>(args: readonly string[], is: (answer: T) => boolean): Promise<T> {
  for (let poll = 0; poll < pollsMax; poll++) {
    const { stdout } = await handrail([...args, '--json']);
    const answer: T = JSON.parse(stdout || '{}');
    if (is(answer)) return answer;
  }
  throw new Error(`${args.join(' ')} came to no end.`);
}

async function objects(): Promise<readonly string[]> {
  const all = await filesIn(join(at('data'), 'server', 'objects'));
  return all.filter((path) => /^(segments|trajectories)\//.test(path));
}

describe('an old backup', { timeout: 240_000 }, () => {
  let anns: string;
  let bobs: string;
  let kept: readonly string[];

  test('holds everything but the vault’s own keys, and is taken of what stands still', async () => {
    [anns = ''] = await trajectories('ann');
    [bobs = ''] = await trajectories('bob');
    kept = await objects();
    expect(kept).toHaveLength(4);
    const backup = ['backup', '--data', at('data'), '--out', at('old')];
    expect((await handrail(backup)).stderr).toMatch(/^Stop process \d+/);
    await down();
    expect(await handrailJson(backup)).toMatchObject({ dir: at('old') });
    const { key } = JSON.parse(await readFile(join(told.vaultHome, 'key-root.json'), 'utf8'));
    const identity = (await readFile(join(told.vaultHome, 'vault-identity'), 'utf8')).trim();
    for (const file of await filesIn(at('old'))) {
      const bytes = await readFile(join(at('old'), file));
      const held = [key, Buffer.from(key, 'hex'), identity].filter((secret) =>
        bytes.includes(secret),
      );
      expect([file, held]).toEqual([file, []]);
    }
    expect(await readdir(join(at('old'), 'vault'))).toContain('epoch-floors.json');
  });

  test('while a hold stands, erasing waits and its participant is told', async () => {
    await up();
    const { pseudonym } = JSON.parse(await readFile(join(at('ann'), 'device.json'), 'utf8'));
    type Hold = { id: string; state: string };
    const place = ['hold', 'place', '--participant', pseudonym, '--reason', 'order 7'];
    const asked = await handrailJson<Hold>([...place, ...by(told.stewardHome)]);
    expect(asked.state).toBe('pending');
    const approve = ['hold', 'approve', asked.id, ...by(told.officerHome)];
    expect(await handrailJson<Hold>(approve)).toMatchObject({ state: 'placed' });
    await handrailJson(['erase', '--yes', ...by('ann')]);
    const status = await handrailJson<{ holds: object[] }>(['status', ...by('ann')]);
    expect(status.holds).toMatchObject([{ reason: 'order 7' }]);
    expect((await handrail(['mine', 'certificate', ...by('ann')])).code).toBe(1);
    expect((await handrail(['mine', 'show', anns, ...by('ann')])).code).toBe(1);
    expect(await objects()).toEqual(kept);
    for (const home of [told.officerHome, told.stewardHome]) {
      await handrailJson(['hold', 'release', asked.id, ...by(home)]);
    }
    type Answer = { certificate: object | null; inLedger: boolean };
    const ask = ['mine', 'certificate', ...by('ann')];
    expect(await until<Answer>(ask, ({ certificate }) => certificate !== null)).toMatchObject({
      inLedger: true,
      certificate: { payload: { pseudonym, keys: 60, objects: { segments: 1, trajectories: 1 } } },
    });
    expect(await objects()).toHaveLength(2);
    const record = ['backup', '--record', '--data', at('data'), '--out', at('record')];
    await handrailJson(record);
  });

  test('is refused under a ledger that is older than what the vault has seen', async () => {
    await down();
    const offline = await handrailJson(['mine', 'certificate', ...by('ann')]);
    expect(offline).toMatchObject({ signed: true, inLedger: null });
    await rm(join(at('data'), 'server'), { recursive: true });
    const restored = await handrail(['restore', at('old'), '--data', at('data')]);
    expect(restored.code).toBe(1);
    expect(restored.stderr).toMatch(/^The vault has seen a ledger of \d+ entries, .* --record\.$/m);
    const damaged = join(at('record'), 'server', 'journal', 'records');
    const bytes = await readFile(damaged);
    await writeFile(damaged, bytes.subarray(1));
    const args = ['restore', at('old'), '--data', at('data'), '--record', at('record')];
    expect((await handrail(args)).stderr).toMatch(/records of the backup is missing or changed/);
    await writeFile(damaged, bytes);
    expect(await handrailJson(args)).toMatchObject({ hasRoot: true });
  });

  test('brings back nothing of who was erased since, and everything of the others', async () => {
    expect(await objects()).toEqual(kept);
    await up();
    expect(await trajectories('ann')).toEqual([]);
    expect((await handrail(['mine', 'show', anns, ...by('ann')])).code).toBe(1);
    const shown = await handrailJson(['mine', 'show', bobs, ...by('bob')]);
    expect(shown).toMatchObject({ actions: [{ kind: 'click' }] });
    for (let poll = 0; poll < pollsMax && (await objects()).length > 2; poll++) {
      await handrail(['status', ...by('bob')]);
    }
    expect(await objects()).toHaveLength(2);
    expect(await handrailJson(['mine', 'certificate', ...by('ann')])).toMatchObject({
      inLedger: true,
    });
  });
});
