import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { handInBrokenPicture } from '@handrail/testbed/agent/broken-picture';
import { describeWith } from '@handrail/testbed/require';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handrail, handrailJson, startHandrail } from '../../run-command.ts';

const ageTool = 'age';
const secret = 'ada.lovelace@example.com';

/** A recording of DuckTrack: a click, an address typed, Enter. */
function recording(): string {
  const lines: object[] = [
    { time_stamp: 1, action: 'move', x: 10, y: 20 },
    { time_stamp: 1.1, action: 'click', x: 10, y: 20, button: 'left', pressed: true },
    { time_stamp: 1.2, action: 'click', x: 10, y: 20, button: 'left', pressed: false },
  ];
  for (const [at, letter] of [...`to ${secret} `].entries()) {
    const name = letter === ' ' ? 'space' : letter;
    lines.push({ time_stamp: 2 + at / 10, action: 'press', name });
    lines.push({ time_stamp: 2.05 + at / 10, action: 'release', name });
  }
  lines.push({ time_stamp: 9, action: 'press', name: 'enter' });
  lines.push({ time_stamp: 9.1, action: 'release', name: 'enter' });
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

interface Read {
  readonly purpose: string;
  readonly by: { readonly kind: string; readonly role?: string };
  readonly ids: readonly string[];
  readonly entries: readonly object[];
}

let folder: string;
let organisation: ReturnType<typeof startHandrail>;
let told: Readonly<
  Record<'url' | 'invite' | 'stewardHome' | 'officerHome' | 'researcherHome' | 'vaultHome', string>
>;
const context = 'import:ducktrack';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-walk-'));
  const at = (name: string) => join(folder, name);
  await writeFile(at('events.jsonl'), recording());
  const contexts = [{ app: context, mode: 'full' }];
  const signals = ['key', 'pointer', 'window', 'focus', 'frame'];
  await writeFile(at('manifest.json'), JSON.stringify({ version: 1, signals, contexts }));
  const recipe = { purpose: 'train-agents', contexts: [{ app: context }], actionsMax: 100 };
  await writeFile(at('recipe.json'), JSON.stringify(recipe));
  organisation = startHandrail(['up', '--data', at('data'), '--k', '1', '--json']);
  const lines = createInterface({ input: organisation.stdout ?? process.stdin });
  told = JSON.parse(String((await once(lines, 'line'))[0]));
}, 120_000);

afterAll(async () => {
  if (organisation?.exitCode === null) {
    organisation.kill('SIGTERM');
    await once(organisation, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}, 120_000);

describe('from the manifest to the export, by commands alone', { timeout: 120_000 }, () => {
  const at = (name: string) => join(folder, name);
  const as = {
    steward: () => ['--home', told.stewardHome],
    officer: () => ['--home', told.officerHome],
    researcher: () => ['--home', told.researcherHome],
    participant: () => ['--home', at('participant')],
  };
  let trajectory: string;
  let grant: string;
  let release: string;

  test('a first manifest waits for a person of another role', async () => {
    type Answer = { id: string; state: string };
    const set = ['manifest', 'set', at('manifest.json'), ...as.steward()];
    const { id, state } = await handrailJson<Answer>(set);
    expect(state).toBe('pending');
    const twice = await handrailJson<Answer>(['manifest', 'approve', id, ...as.steward()]);
    expect(twice.state).toBe('pending');
    const approved = await handrailJson<Answer>(['manifest', 'approve', id, ...as.officer()]);
    expect(approved).toEqual({ id, state: 'active' });
  });

  test('nobody joins unasked, and a wrong fingerprint is refused', async () => {
    const args = ['join', told.url, '--name', 'Ada', ...as.participant(), '--json', '--invite'];
    const unasked = await handrail([...args, told.invite]);
    expect([unasked.code, unasked.stdout]).toEqual([2, '']);
    expect(unasked.stderr).toMatch(
      /NOTICE[\s\S]*recordings imported from ducktrack[\s\S]*--accept/,
    );
    const token = told.invite.split('.')[0];
    const wrong = `${token}.aaaa-bbbb-cccc-dddd-eeee-ffff`;
    const refused = await handrail([...args, wrong, '--accept']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^This programme has another fingerprint .*: do not join/);
    const joined = await handrail([...args, told.invite, '--accept']);
    expect(joined.code).toBe(0);
    expect(JSON.parse(joined.stdout)).toMatchObject({ joined: true, manifest: 1 });
  });

  test('a recording goes in, and its owner reads what was made of it', async () => {
    const put = ['import', at('events.jsonl'), '--format', 'ducktrack', ...as.participant()];
    expect(await handrailJson(put)).toMatchObject({ segments: 1, rejected: 0, waiting: 0 });
    const { segments } = await handrailJson<{ segments: object }>(['wait', ...as.participant()]);
    expect(segments).toMatchObject({ refined: 1, quarantined: 0, rejected: 0 });
    const list = await handrailJson<{ trajectories: { id: string }[] }>([
      ...['mine', 'list', ...as.participant()],
    ]);
    trajectory = list.trajectories[0]?.id ?? '';
    const show = ['mine', 'show', trajectory, ...as.participant()];
    const view = await handrailJson<{ actions: { kind: string; text?: string }[] }>(show);
    expect(Object.keys(view)).toEqual(['id', 'instruction', 'actions', 'contexts', 'gaps']);
    expect(view.actions.map(({ kind }) => kind)).toEqual(['click', 'type', 'key']);
    expect(view.actions[1]?.text?.trim()).toBe('to [email]');
  });

  test('a release needs the approval of two roles', async () => {
    type Answer = { id: string; digest: string; state: string };
    const ask = [
      '--purpose',
      'train-agents',
      '--tier',
      'release',
      '--hours',
      '1',
      '--reason',
      'try',
    ];
    const request = ['grant', 'request', '--scope', at('recipe.json'), ...ask, ...as.researcher()];
    const asked = await handrailJson<Answer>(request);
    expect(asked.state).toBe('requested');
    grant = asked.id;
    const build = ['release', 'build', at('recipe.json'), '--grant', grant, '--wait'];
    const early = await handrail([...build, ...as.researcher(), '--json']);
    expect([early.code, early.stdout]).toEqual([1, '']);
    const once = await handrailJson<Answer>(['grant', 'approve', grant, ...as.steward()]);
    expect(once).toEqual({ id: grant, digest: asked.digest, state: 'requested' });
    const twice = await handrailJson<Answer>(['grant', 'approve', grant, ...as.officer()]);
    expect(twice).toMatchObject({ id: grant, digest: asked.digest, state: 'approved' });
    const built = await handrailJson<{ id: string; manifestDigest: string; rows: number }>([
      ...[...build, ...as.researcher()],
    ]);
    expect(built).toMatchObject({
      rows: 3,
      manifestDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    release = built.id;
  });

  describeWith([ageTool], 'with the age tool', () => {
    test('the export opens and holds the actions', async () => {
      const out = at('export.age');
      const get = ['release', 'export', release, '--format', 'agentnet', '--out', out];
      const { bytes } = await handrailJson<{ bytes: number }>([...get, ...as.researcher()]);
      expect((await stat(out)).size).toBe(bytes);
      const identity = join(told.researcherHome, 'age-identity.txt');
      const opened = execFileSync(ageTool, ['-d', '-i', identity, out]).toString('utf8');
      expect(JSON.parse(opened).task_id).toBe(trajectory);
      expect(opened).not.toContain(secret);
    });
  });

  test('a release verifies against the ledger and is built again byte for byte', async () => {
    const verify = ['release', 'verify', release, '--rebuild', '--workers', '2'];
    expect(await handrailJson([...verify, ...as.researcher()])).toMatchObject({
      ok: true,
      inLedger: true,
      rebuilt: true,
    });
  });

  test('it is known to stand, and so is what was exported; a model goes on record', async () => {
    const out = at('stands.age');
    const get = ['release', 'export', release, '--format', 'parquet', '--out', out];
    await handrailJson([...get, ...as.researcher()]);
    for (const subject of [release, out]) {
      const check = ['release', 'check', subject, ...as.researcher()];
      expect(await handrailJson(check)).toMatchObject({ id: release, ok: true, kind: 'good' });
    }
    const unknown = await handrail(['release', 'check', `rel_${'a'.repeat(26)}`, ...as.steward()]);
    expect([unknown.code, unknown.stdout]).toEqual([1, expect.stringContaining('NOT known')]);
    const notices = await handrail(['release', 'notices', ...as.researcher()]);
    expect([notices.code, notices.stdout]).toEqual([0, expect.stringContaining('still stands')]);
    const named = ['--name', 'a model', '--digest', 'ab'.repeat(32)];
    const add = ['release', 'model', 'add', release, ...named];
    expect((await handrail([...add, ...as.steward()])).code).toBe(1);
    const model = await handrailJson<{ digest: string }>([...add, ...as.researcher()]);
    expect(model).toMatchObject({ name: 'a model', open: false });
    const list = ['release', 'model', 'list', release, ...as.researcher()];
    expect(await handrailJson(list)).toEqual({ models: [model] });
  });

  test('an objection keeps the data out of a purpose until a decider declines it', async () => {
    const own = ['mine', 'objections', ...as.participant()];
    const deciders = ['objection', 'list', ...as.steward()];
    const none = await handrail(deciders);
    expect(none.stdout).toBe('Nobody objects to a purpose.\n');
    const to = ['mine', 'object', '--purpose', 'evaluate-agents', ...as.participant()];
    expect(await handrailJson(to)).toMatchObject({ state: 'objected' });
    type Objections = { objections: { digest: string; out: boolean; answer?: string }[] };
    const { objections } = await handrailJson<Objections>(deciders);
    expect(objections).toMatchObject([{ purpose: 'evaluate-agents', out: true }]);
    const digest = objections[0]?.digest ?? '';
    const words = ['--answer', 'declined', '--reason', 'It is small.'];
    const answer = (who: readonly string[], start = digest.slice(0, 8)) =>
      handrail(['objection', 'answer', start, ...words, ...who]);
    expect((await answer(as.researcher())).code).toBe(1);
    expect((await answer(as.officer(), '')).code).toBe(1);
    const answered = await answer(as.officer());
    expect([answered.code, answered.stdout]).toEqual([0, expect.stringContaining('in again')]);
    expect(await handrailJson(own)).toMatchObject({
      objections: [{ digest, out: false, answer: 'declined', reason: 'It is small.' }],
    });
  });

  test('their participant sees who opened what, and proves it without a network', async () => {
    const proof = at('opening.tlog-proof');
    const reads = ['mine', 'reads', '--proof', proof, ...as.participant()];
    const seen = await handrailJson<{ ok: boolean; reads: Read[]; size: number }>(reads);
    expect(seen).toMatchObject({ ok: true, problems: [] });
    const by = seen.reads.map(({ purpose, by }) => `${purpose} by ${by.role ?? by.kind}`);
    expect(by.slice(0, 3)).toEqual([
      'refine by programme',
      'self-view by owner',
      'train-agents by researcher',
    ]);
    expect(seen.reads.slice(0, 3).map(({ entries }) => entries.length)).toEqual([2, 2, 2]);
    expect(seen.reads[1]?.ids).toEqual([trajectory]);
    const check = ['ledger', 'check-proof', proof, ...as.participant(), '--json'];
    const held = await handrail(check);
    expect([held.code, JSON.parse(held.stdout)]).toMatchObject([0, { ok: true }]);
    await writeFile(proof, (await readFile(proof, 'utf8')).replace(/^index .*$/m, 'index 0'));
    const moved = await handrail(check);
    expect(moved.code).toBe(1);
    expect(JSON.parse(moved.stdout)).toEqual({ ok: false, reason: 'not-in-the-ledger' });
  });

  test('the ledger verifies on line, exported, and not when a byte is changed', async () => {
    const here = await handrailJson<{ size: number }>(['ledger', 'verify', ...as.participant()]);
    expect(here).toMatchObject({ ok: true, pinned: true, problems: [] });
    await expectRollbackNoticed();
    const ledger = at('ledger');
    await handrailJson(['ledger', 'export', ledger, ...as.officer()]);
    const offline = ['ledger', 'verify', ledger, '--key', join(ledger, 'verifier-key')];
    expect(await handrailJson(offline)).toMatchObject({ ok: true });
    const policy = ['ledger', 'verify', ledger, '--policy', join(ledger, 'policy')];
    const since = ['--since', join(at('participant'), 'ledger-checkpoint')];
    expect(await handrailJson([...policy, ...since])).toMatchObject({
      ok: true,
      cosignatures: [{ witness: expect.any(String) }],
    });
    const [bundle = ''] = (await readdir(join(ledger, 'tile', 'entries'), { recursive: true }))
      .map((name) => join(ledger, 'tile', 'entries', name))
      .filter((path) => /\/\d+$/.test(path));
    const bytes = await readFile(bundle);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(bundle, bytes);
    const changed = await handrail([...offline, '--json']);
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({ ok: false });
  });

  /** As if this home had seen more of the ledger, or another one, than is shown to it now. */
  async function expectRollbackNoticed(): Promise<void> {
    const memory = join(at('participant'), 'ledger-checkpoint');
    const seen = await readFile(memory, 'utf8');
    const [origin, size, ...rest] = seen.split('\n');
    await writeFile(memory, [origin, Number(size) + 1_000, ...rest].join('\n'));
    const shown = await handrail(['ledger', 'verify', ...as.participant(), '--json']);
    expect(shown.code).toBe(1);
    const problems = [{ kind: 'not-continued', reason: 'rollback' }];
    expect(JSON.parse(shown.stdout)).toMatchObject({ ok: false, problems });
    await writeFile(memory, seen);
  }

  test('what cannot be masked waits for its owner, who releases or deletes it', async () => {
    const own = as.participant();
    const waiting = async () => {
      await handrailJson(['wait', ...own]);
      const list = ['mine', 'quarantine', 'list', ...own];
      return (await handrailJson<{ segments: { id: string; reason: string }[] }>(list)).segments;
    };
    expect(await waiting()).toEqual([]);
    await handInBrokenPicture(at('participant'), 'the north pier');
    await handInBrokenPicture(at('participant'), `write to ${secret}`);
    const [first, second] = await waiting();
    expect([first, second]).toMatchObject([{ reason: 'image.broken' }, { reason: 'image.broken' }]);
    const [one = '', other = ''] = [first?.id, second?.id];
    const decide = (how: string, id: string) => ['mine', 'quarantine', how, id, ...own];
    expect(await handrailJson(decide('show', one))).toMatchObject({ id: one, broken: 1 });
    expect(await handrailJson(decide('release', one))).toMatchObject({ state: 'released' });
    expect(await handrailJson(decide('delete', other))).toMatchObject({ state: 'deleted' });
    expect(await waiting()).toEqual([]);
    expect((await handrail(decide('show', other))).code).toBe(1);
    const { segments } = await handrailJson<{ segments: object }>(['wait', ...own]);
    expect(segments).toMatchObject({ refined: 2, quarantined: 0, rejected: 1 });
    const { trajectories } = await handrailJson<{ trajectories: object[] }>([
      'mine',
      'list',
      ...own,
    ]);
    expect(trajectories).toHaveLength(2);
  });

  test('what was typed stands nowhere in the data, and the key root not in it', async () => {
    const { key } = JSON.parse(await readFile(join(told.vaultHome, 'key-root.json'), 'utf8'));
    const root = Buffer.from(String(key), 'hex');
    expect(root).toHaveLength(32);
    let files = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path === at('events.jsonl')) continue;
      const bytes = await readFile(path);
      files += 1;
      expect(bytes.includes(secret)).toBe(false);
      if (!path.startsWith(`${at('data')}/`)) continue;
      expect([bytes.includes(root), bytes.includes(String(key))]).toEqual([false, false]);
    }
    expect(files).toBeGreaterThan(20);
  });

  test('who withdrew has nothing opened any more', async () => {
    await handrailJson(['withdraw', ...as.participant()]);
    const status = await handrailJson(['status', ...as.participant()]);
    expect(status).toMatchObject({ state: 'withdrawn' });
    const show = await handrail(['mine', 'show', trajectory, ...as.participant(), '--json']);
    expect([show.code, show.stdout]).toEqual([1, '']);
    const get = ['release', 'export', release, '--format', 'parquet', '--out', at('late.age')];
    const late = await handrail([...get, ...as.researcher(), '--json']);
    expect([late.code, late.stdout]).toEqual([1, '']);
    const recipe = at('recipe.json');
    const build = ['release', 'build', recipe, '--grant', grant, '--wait', ...as.researcher()];
    expect((await handrail(build)).code).toBe(1);
  });

  test('its holder is told to use it no more, and says what becomes of the model', async () => {
    const notices = ['release', 'notices', ...as.researcher(), '--json'];
    let told = await handrail(notices);
    while (told.code === 0) told = await handrail(notices);
    type Told = { notices: { release: string }[]; models: { digest: string; open: boolean }[] };
    const { notices: about, models } = JSON.parse(told.stdout) as Told;
    expect(new Set(about.map((one) => one.release))).toEqual(new Set([release]));
    expect(models).toMatchObject([{ name: 'a model', open: true }]);
    const check = await handrail(['release', 'check', at('stands.age'), ...as.researcher()]);
    expect([check.code, check.stdout]).toEqual([1, expect.stringContaining('MUST NOT BE USED')]);
    const decided = ['--decision', 'retired', '--reason', 'It is deleted.', ...as.researcher()];
    const decide = ['release', 'model', 'decide', models[0]?.digest ?? '', ...decided];
    expect(await handrailJson(decide)).toMatchObject({ open: false, decision: 'retired' });
    expect(JSON.parse((await handrail(notices)).stdout)).toMatchObject({ models: [] });
  });

  test('a revoked grant is over', async () => {
    const revoke = ['grant', 'revoke', grant, ...as.officer()];
    expect(await handrailJson(revoke)).toMatchObject({ id: grant, state: 'revoked' });
  });
});
