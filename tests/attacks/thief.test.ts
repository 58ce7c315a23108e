// Who steals everything that the organisation keeps outside of its vault, and the memory of its
// server while it works, has nothing that was typed. Nor has who changes requests on their way.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { Outbox } from '@handrail/agent/outbox';
import { utf8 } from '@handrail/core/bytes';
import { type ExportHeader, encodeExportHeader } from '@handrail/core/dataset';
import { idOf } from '@handrail/core/ids';
import { newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { releaseListPath, sign } from '@handrail/core/statement';
import { call, deviceRoutes, personRoutes, signRequest } from '@handrail/core/wire';
import {
  agreeManifest,
  joinAndImport,
  startOrganisation,
  typedLog,
} from '@handrail/testbed/organisation';
import { scanFolders } from 'handrail/canary/read-back/scan-files';
import { loadPerson, personSigner } from 'handrail/home/person';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Between,
  exportSaying,
  homeReaching,
  ownFiles,
  reach,
  standBetween,
} from './between.ts';
import { childrenOf, knowsOneOf } from './process-memory.ts';
import { statusOf } from './raw-request.ts';

const words = 'the walnut harvest was late again';
const stack = new AsyncDisposableStack();
let organisation: Awaited<ReturnType<typeof startOrganisation>>;
let ann: string;
let bob: string;
let trajectory: string;

beforeAll(async () => {
  organisation = stack.use(await startOrganisation());
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  ann = await joinAndImport(organisation, 'ann', words);
  bob = await joinAndImport(organisation, 'bob', 'nothing of note');
  await organisation.handrail(ann, 'wait', '--timeout', '60s');
  const { trajectories } = await organisation.handrail(ann, 'mine', 'list');
  trajectory = (trajectories as { readonly id: string }[])[0]?.id ?? '';
});
afterAll(() => stack.disposeAsync());

async function pidOf(part: string): Promise<number> {
  const text = await readFile(join(organisation.path('data'), 'run', 'children.json'), 'utf8');
  const children: Readonly<Record<string, { readonly pid: number }>> = JSON.parse(text);
  return children[part]?.pid ?? 0;
}

/** What the vault alone has: its identity and the root of its key tree, in hexadecimal. */
async function vaultKeys(): Promise<readonly string[]> {
  const { vaultHome } = organisation;
  const identity = await readFile(join(vaultHome, 'vault-identity'), 'utf8');
  const root = JSON.parse(await readFile(join(vaultHome, 'key-root.json'), 'utf8'));
  return [identity.trim(), root.key];
}

const wordForms = (['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(words, encoding));

test('the memory of the server holds no word while it relays them, and no key', async () => {
  const keys = (await vaultKeys()).flatMap((key) => [Buffer.from(key), Buffer.from(key, 'hex')]);
  const server = await pidOf('server');
  const shown = organisation.handrail(ann, 'mine', 'show', trajectory);
  expect(await knowsOneOf(server, [...wordForms, ...keys])).toBe(false);
  expect(JSON.stringify((await shown).actions)).toContain(words);
  expect(await knowsOneOf(server, [...wordForms, ...keys])).toBe(false);
  const vault = await pidOf('vault');
  const workers = await childrenOf(vault);
  expect(workers).not.toEqual([]);
  for (const worker of workers) expect(await knowsOneOf(worker, keys)).toBe(false);
  expect(await knowsOneOf(vault, keys), 'who has the keys is found out').toBe(true);
  expect(await knowsOneOf(process.pid, wordForms), 'who has the words as well').toBe(true);
});

test('what was signed for one request is taken for no other', async () => {
  const { url } = organisation;
  const bobs = await deviceSigner(await new Home(bob).device());
  const target = '/v1/mine/lease';
  const body = JSON.stringify({ consentEpoch: 1, manifest: '0'.repeat(64) });
  const signed = async (parts: { method: string; target: string; body: string }) => {
    const now = Math.floor(Date.now() / 1000);
    const bytes = { ...parts, body: utf8(parts.body) };
    return linesOf(await signRequest(bobs, bytes, now, randomBytes(16)));
  };
  const request = (method: string, path: string, headers: readonly string[], text: string) =>
    statusOf(
      url,
      [`${method} ${path} HTTP/1.1`, 'host: h', 'connection: close', ...headers].concat(
        text === '' ? [] : [`content-length: ${text.length}`],
      ),
      text,
    );
  const list = { method: 'GET', target: '/v1/mine/trajectories', body: '' };
  const headers = await signed(list);
  expect(await request('GET', list.target, headers, '')).toBe(200);
  const fresh = await signed(list);
  const lease = await signed({ method: 'POST', target, body });
  const refused = {
    'a second time': await request('GET', list.target, headers, ''),
    'for another address': await request('GET', '/v1/mine/quarantine', fresh, ''),
    'with a query': await request('GET', `${list.target}?a=b`, fresh, ''),
    'for another method': await request('POST', list.target, fresh, ''),
    'with another body': await request('POST', target, lease, body.replace('1', '2')),
    'with two signatures': await request(
      'GET',
      list.target,
      [...fresh, ...(await signed(list))],
      '',
    ),
    'with no signature': await request('GET', list.target, [], ''),
    'with two lengths': await request('POST', target, ['content-length: 3', ...lease], body),
    'with a length and parts': await request(
      'POST',
      target,
      ['transfer-encoding: chunked', ...lease],
      body,
    ),
  };
  for (const [how, status] of Object.entries(refused)) {
    expect([how, status >= 400 && status < 500]).toEqual([how, true]);
  }
});

describe('whoever stands between a person and their server', () => {
  let between: Between;
  beforeAll(async () => {
    between = stack.use(await standBetween(organisation.url));
  });
  beforeEach(() => {
    between.answers.clear();
    between.asked.length = 0;
  });

  /** Runs a command that must not do what it is told; gives what it says. */
  async function refused(home: string, ...args: readonly string[]): Promise<string> {
    const ran = await organisation.run(...args, '--home', home, '--json');
    expect([args, ran.code === 0]).toEqual([args, false]);
    expect(ran.stdout + ran.stderr).not.toContain(words);
    return ran.stderr;
  }

  const signed = () => between.asked.filter((place) => place.startsWith('POST'));

  test('gets no signature under anything but what was named', async () => {
    const { stewardHome, officerHome, researcherHome } = organisation;
    const wider = organisation.path('wider.json');
    const contexts = [
      { app: 'import:ducktrack', mode: 'full' },
      { app: 'editor', mode: 'full' },
    ];
    await writeFile(wider, JSON.stringify({ version: 1, signals: ['key'], contexts }));
    const set = await organisation.handrail(stewardHome, 'manifest', 'set', wider);
    const recipe = organisation.path('recipe.json');
    const from = [{ app: 'import:ducktrack' }];
    await writeFile(
      recipe,
      JSON.stringify({ purpose: 'train-agents', contexts: from, actionsMax: 9 }),
    );
    const scope = ['--scope', recipe, '--tier', 'release', '--purpose', 'train-agents'];
    const why = ['--hours', '1', '--reason', 'to see it'];
    const asked = await organisation.handrail(researcherHome, 'grant', 'request', ...scope, ...why);
    const [manifest, id] = [String(set.id), String(asked.id)];
    const officer = await asPerson(officerHome);
    const { manifests } = await call(officer, personRoutes.manifests, {});
    const { grant, ...view } = await call(officer, personRoutes.grant, { params: { id } });
    const others = manifests.filter((one) => one.id !== manifest);
    const moved = others.map((one) => ({ ...one, id: manifest }));
    const approve = (what: string, named: string) =>
      refused(officerHome, what, 'approve', named, '--url', between.url);
    between.answers.set('GET /v1/manifests', { manifests: moved });
    expect(await approve('manifest', manifest)).toContain('another manifest');
    const other = idOf('grant', randomBytes(32));
    for (const [changed, says] of [
      [{ id: other }, 'another grant'],
      [{ tier: 'raw' }, 'something else'],
      [{ holder: officer.person }, 'something else'],
    ] as const) {
      between.answers.set('GET /v1/grants/', { ...view, grant: { ...grant, ...changed } });
      expect(await approve('grant', id)).toContain(says);
    }
    expect(signed()).toEqual([]);
  });

  test('leaves no file of theirs, neither where one was asked for nor elsewhere', async () => {
    const { researcherHome } = organisation;
    const { programme } = await new Home(ann).device();
    const [release, other] = [idOf('rel', randomBytes(32)), idOf('rel', randomBytes(32))];
    const [grant, job] = [idOf('grant', randomBytes(32)), idOf('job', randomBytes(32))];
    const recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 1 };
    between.answers.set(`GET /v1/releases/${release}`, {
      id: release,
      grant,
      recipe,
      state: 'published',
    });
    between.answers.set(`POST /v1/releases/${release}`, { job });
    between.answers.set('GET /v1/jobs/', { state: 'done', result: '../../../stolen' });
    const list = { number: 1, path: releaseListPath } as const;
    const common = { v: 1, programme, manifest: '0'.repeat(64), list } as const;
    const header = (of: string) =>
      exportSaying(
        encodeExportHeader({ ...common, release: of, vaultKey: 'A'.repeat(43) } as ExportHeader),
      );
    const out = organisation.path('wanted.age');
    const { folder, proberHome, vaultHome } = organisation;
    const files = () => ownFiles(folder, organisation.path('data'), proberHome, vaultHome);
    const before = await files();
    const asked = [
      'release',
      'export',
      release,
      '--format',
      'agentnet',
      '--out',
      out,
      '--url',
      between.url,
    ];
    for (const sent of [utf8('what another was sent'), header(other)]) {
      between.answers.set('GET /v1/results/', sent);
      expect(await refused(researcherHome, ...asked)).toContain('something else');
    }
    expect(await files()).toEqual(before);
    between.answers.set('GET /v1/results/', header(release));
    await organisation.handrail(researcherHome, ...asked);
    const kept = join(researcherHome, 'exports.json');
    expect(await files()).toEqual([...before, kept, out].sort());
  });

  test('shows nobody what is another’s, and no certificate of another vault', async () => {
    const homes = [ann, bob].map((home) => homeReaching(between.url, home, `${home}-between`));
    const [anns = '', bobs = ''] = await Promise.all(homes);
    const { trajectories } = await organisation.handrail(bobs, 'mine', 'list');
    const [one] = trajectories as { readonly id: string }[];
    await organisation.handrail(bobs, 'mine', 'show', one?.id ?? '');
    const [chunk] = [...between.heard].filter(([place]) => place.endsWith('/chunks/0'));
    if (chunk === undefined) throw new Error('Nothing was read.');
    between.answers.set('GET /v1/mine/readings/', chunk[1]);
    expect(await refused(anns, 'mine', 'show', trajectory)).not.toContain('nothing of note');
    const stranger = await signerFromSeed(newSigningSeed());
    const { programme, pseudonym } = await new Home(ann).device();
    const [at, salt] = ['2026-11-24T00:00:00Z', 'A'.repeat(43)];
    const shredded = { index: 1, salt, job: idOf('job', randomBytes(32)) };
    const said = { v: 1, kind: 'erasure-certificate', programme, pseudonym, at, shredded } as const;
    const objects = { segments: 1, trajectories: 1 };
    const whole = { ...said, consentEpoch: 1, asked: 1, keys: 60, objects };
    const certificate = await sign(whole, stranger);
    between.answers.set('GET /v1/mine/erasure', { holds: [], certificate });
    expect(await refused(anns, 'mine', 'certificate')).toContain('not of your vault');
    await expect(readFile(join(anns, 'erasure-certificate.json'))).rejects.toThrow('ENOENT');
  });
});

describe('what was recorded before', () => {
  /** A home whose next recording is sealed and stays there, as where there is no line. */
  async function withSpooled(name: string, between: Between): Promise<Home> {
    const { invite, url } = organisation;
    const home = organisation.path(name);
    await organisation.handrail(home, 'join', url, '--invite', invite, '--name', name, '--accept');
    await organisation.handrail(home, 'wait', '--timeout', '60s');
    await reach(between.url, home);
    between.answers.set('PUT /v1/mine/segments/', {});
    const file = organisation.path(`${name}.jsonl`);
    await writeFile(file, typedLog('sealed and late'));
    const format = ['--format', 'ducktrack', '--home', home, '--json'];
    await organisation.run('import', file, ...format);
    between.answers.clear();
    await reach(url, home);
    return new Home(home);
  }

  /** Hands in what is there with the code of the agent; gives how many were refused for good. */
  async function handedIn(home: Home) {
    const signer = await deviceSigner(await home.device());
    const client = clientOf(organisation.url, signer);
    const outbox = await Outbox.open(home, client);
    expect(outbox.spool.notes().length).toBeGreaterThan(0);
    await outbox.pass();
    const { accepted } = await call(client, deviceRoutes.segmentCounts, {});
    return { accepted, refused: outbox.refused, left: outbox.spool.notes().length };
  }

  test('a halt is not taken after it, and neither is what is of one who has left', async () => {
    await using between = await standBetween(organisation.url);
    const { stewardHome, officerHome } = organisation;
    const early = await withSpooled('carol', between);
    await organisation.handrail(stewardHome, 'programme', 'halt');
    for (const home of [stewardHome, officerHome]) {
      await organisation.handrail(home, 'programme', 'resume');
    }
    expect(await handedIn(early)).toEqual({ accepted: 0, refused: 1, left: 0 });
    const gone = await withSpooled('dan', between);
    const kept = new Home(organisation.path('dan-kept'));
    await cp(organisation.path('dan'), organisation.path('dan-kept'), { recursive: true });
    await organisation.handrail(organisation.path('dan'), 'withdraw');
    expect((await Outbox.open(gone, clientOf(organisation.url, undefined))).spool.notes()).toEqual(
      [],
    );
    expect(await handedIn(kept)).toEqual({ accepted: 0, refused: 1, left: 0 });
  });
});

test('pausing and leaving hold at once without a line, and leaving is told later', async () => {
  const { invite, url } = organisation;
  const home = organisation.path('erin');
  await organisation.handrail(home, 'join', url, '--invite', invite, '--name', 'erin', '--accept');
  await reach('http://127.0.0.1:9', home);
  await organisation.handrail(home, 'pause', 'forever');
  expect(await organisation.handrail(home, 'status')).toMatchObject({ state: 'paused' });
  for (const kind of ['withdraw', 'erase'] as const) {
    const yes = kind === 'erase' ? ['--yes'] : [];
    const alone = await organisation.run(kind, ...yes, '--home', home, '--json');
    expect(alone.stderr).toContain('cannot be reached');
    const { state, notLeft } = await organisation.handrail(home, 'status');
    expect([state, notLeft]).toEqual(['withdrawn', expect.stringContaining('not been told yet')]);
    await reach(url, home);
    await organisation.handrail(home, kind, ...yes);
    await reach('http://127.0.0.1:9', home);
  }
});

test('stopped, with every backup: files, rows, objects, logs and ledger hold no word', async () => {
  const data = organisation.path('data');
  const [record, whole] = [organisation.path('backup-record'), organisation.path('backup')];
  const keys = await vaultKeys();
  const backUp = (...args: readonly string[]) =>
    organisation.run('backup', '--data', data, ...args, '--json');
  expect((await backUp('--record', '--out', record)).code).toBe(0);
  await organisation.stop('SIGTERM');
  expect((await backUp('--out', whole)).code).toBe(0);
  const folders = [data, record, whole];
  const { found, rows, files } = await scanFolders(folders, [words, ...keys]);
  expect([...found.values()]).toEqual([]);
  expect(rows).toBeGreaterThan(0);
  expect(files).toBeGreaterThan(0);
  const own = await scanFolders([organisation.vaultHome], keys);
  expect(own.found.size, 'who has the keys is found out').toBe(keys.length);
});

function linesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

async function asPerson(home: string) {
  const person = await loadPerson(home);
  return { ...clientOf(organisation.url, await personSigner(person)), person: person.id };
}
