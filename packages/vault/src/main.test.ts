import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signerLine, verifierKey, verifierLine } from '@handrail/core/ledger';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  type Charter,
  type ManifestFile,
  manifestHash,
  type Recipe,
  sign,
} from '@handrail/core/statement';
import { call, deviceRoutes, type JobState, personRoutes, publicRoutes } from '@handrail/core/wire';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpTransport } from './keeper/http-transport.ts';
import { openPolicies } from './keeper/ledger/policies.ts';
import { handIn, type TrialServer, trialServer } from './keeper/trial/keeper.ts';
import {
  instantOf,
  newId,
  type TrialParticipant,
  type TrialProgramme,
  trialProgramme,
} from './keeper/trial/programme.ts';
import { chunksRead, ownReading } from './keeper/trial/reading.ts';
import { createVault } from './secrets.ts';

const packages = new URL('../../', import.meta.url).pathname;
const notice = 'A notice made for trying out.\n';
const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus', 'frame'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};

let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vault-process-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly line: Readonly<Record<string, unknown>>;
  readonly log: () => string;
}

/** Starts a main module of ours and gives the first line it prints. */
async function start(main: string, ...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [join(packages, main), ...args]);
  children.push(child);
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  const first = once(createInterface(child.stdout), 'line');
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${main}: ${log}`)));
  const [text] = await Promise.race([first, ended]);
  return { child, line: JSON.parse(text), log: () => log };
}

async function configFile(name: string, value: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value), { mode: 0o600 });
  return path;
}

/** A programme whose log is signed by a file's key and cosigned by a witness process. */
async function programme(vaultKey: string, changes: Partial<Charter> = {}) {
  const seed = newSigningSeed();
  const { publicKey } = await signerFromSeed(seed);
  const log = verifierKey('handrail.test/log', publicKey, 'ed25519');
  const paths = { key: join(folder, 'witness-key'), state: join(folder, 'witness-state') };
  const { line } = await start(
    'cli/src/witness/main.ts',
    ...['--key', paths.key, '--state', paths.state, '--log', verifierLine(log)],
  );
  const witness = { url: String(line.url), verifierLine: String(line.verifierLine) };
  const trial = await trialProgramme(vaultKey, {
    logVerifier: verifierLine(log),
    witnesses: [witness.verifierLine],
    noticeDigest: createHash('sha256').update(notice).digest('hex'),
    ...changes,
  });
  await writeFile(join(folder, 'log-key'), signerLine(log, seed), { mode: 0o600 });
  await writeFile(join(folder, 'notice.txt'), notice);
  const charterFile = await configFile('charter.json', trial.signedCharter);
  await trial.start((await openPolicies()).version);
  const founding = [...trial.payloads.values()].map(({ statement }) => statement);
  const foundingFile = await configFile('founding.json', founding);
  const server = await configFile('server.json', {
    dataFolder: join(folder, 'data'),
    charterFile,
    foundingFile,
    noticeFile: join(folder, 'notice.txt'),
    vaultKey,
    logKeyFile: join(folder, 'log-key'),
    witnesses: [witness],
    inviteToken: 'an-invite-for-trying-out',
  });
  return { trial, charterFile, server };
}

function callerOf(url: string) {
  const transport = httpTransport(url);
  const random = (length: number) => new Uint8Array(randomBytes(length));
  return (signer: Signer | undefined) => ({
    transport,
    signer,
    nowMs: Date.now,
    randomBytes: random,
  });
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function joinWithManifest(trial: TrialProgramme, as: ReturnType<typeof callerOf>) {
  const at = instantOf(Date.now());
  const { steward, officer } = trial.persons;
  const manifest = {
    v: 1,
    kind: 'manifest',
    programme: trial.charter.programme,
    number: 1,
    at,
    manifest: file,
  } as const;
  await call(as(steward), personRoutes.setManifest, {
    body: { statement: await sign(manifest, steward, officer) },
  });
  const participant = await trial.join({ at, manifest: manifestHash(manifest) });
  const consent = await sign(participant.consent, participant.device);
  const body = { invite: 'an-invite-for-trying-out', name: 'Someone', consent };
  await call(as(participant.device), deviceRoutes.join, { body });
  return participant;
}

/** One click, handed in and refined. */
async function recorded(
  trial: TrialProgramme,
  mine: ReturnType<ReturnType<typeof callerOf>>,
  participant: TrialParticipant,
  own: TrialServer,
): Promise<{ readonly id: string; readonly actions: number }> {
  const { keys } = await until(async () => {
    const held = await call(mine, deviceRoutes.dayKeys, {});
    return held.keys.length > 0 ? held : undefined;
  });
  expect(keys).toHaveLength(30);
  own.dayKeys.push(...keys);
  const day = keys[0]?.payload.day ?? '';
  const id = await handIn(
    trial,
    own,
    participant,
    { day, session: newId('ses') },
    {
      contexts: file.contexts,
      events: [
        { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
        { kind: 'window', atMs: 0, context: 0 },
        { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
        { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
      ],
    },
  );
  const body = own.objects.get(`segments/${id}`) ?? new Uint8Array();
  await call(mine, deviceRoutes.putSegment, { params: { id }, body });
  const [trajectory] = await until(async () => {
    const { trajectories } = await call(mine, deviceRoutes.trajectories, {});
    return trajectories.length > 0 ? trajectories : undefined;
  });
  if (trajectory === undefined) throw new Error('Nothing was refined.');
  return trajectory;
}

test('from joining to reading oneself, with every part a process of its own', async () => {
  const vaultFolder = join(folder, 'vault');
  const { publicKey } = await createVault(vaultFolder);
  const { trial, charterFile, server } = await programme(publicKey);
  const { line } = await start('server/src/main.ts', server);
  const serverUrl = String(line.url);
  const config = await configFile('vault.json', {
    serverUrl,
    vaultFolder,
    charterFile,
    workers: 2,
  });
  const keeper = await start('vault/src/main.ts', config);
  expect(keeper.line).toEqual({ ready: true });
  const as = callerOf(serverUrl);
  const participant = await joinWithManifest(trial, as);
  const mine = as(participant.device);
  const own = trialServer();
  const { id: trajectory, actions } = await recorded(trial, mine, participant, own);
  expect(actions).toBe(1);
  const { nonce } = await call(mine, publicRoutes.readingNonce, {});
  const side = { charter: trial.charter, nowMs: Date.now, nonces: { next: () => nonce } };
  const reading = await ownReading(side, participant, trajectory);
  const { session } = reading;
  const { job } = await call(mine, deviceRoutes.openMine, { body: { session } });
  const box = await call(mine, deviceRoutes.myChunk, { params: { id: job, number: '0' } });
  own.chunks.set(job, [box]);
  const [seen] = await chunksRead(own, job, reading);
  expect(seen?.facts?.actions.map(({ kind }) => kind)).toEqual(['click']);
  const done = await endOf(() => call(mine, deviceRoutes.myJob, { params: { id: job } }));
  expect(done).toMatchObject({ state: 'done' });
  await call(as(undefined), publicRoutes.ledger, { params: { '*': 'checkpoint' } });
  keeper.child.kill('SIGTERM');
  expect(await once(keeper.child, 'exit')).toEqual([0, null]);
  expect(keeper.log()).toContain('"event":"isolation"');
  expect(keeper.log()).not.toContain(participant.consent.pseudonym);
  expect(await readFile(join(vaultFolder, 'checkpoint'), 'utf8')).toContain('handrail.test/log');
});

/** How many intents to open something stand in the public ledger. */
async function intentsIn(as: ReturnType<typeof callerOf>): Promise<number> {
  const file = (path: string) =>
    call(as(undefined), publicRoutes.ledger, { params: { '*': path } });
  const [, size = ''] = Buffer.from(await file('checkpoint'))
    .toString()
    .split('\n');
  const entries = Buffer.from(await file(`tile/entries/000.p/${size}`)).toString();
  return entries.match(/"kind":"[a-z]+\.opening"/g)?.length ?? 0;
}

const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 10,
};

async function approvedGrant(trial: TrialProgramme, as: ReturnType<typeof callerOf>) {
  const { steward, officer, researcher } = trial.persons;
  const recipient = await identityToRecipient(await generateIdentity());
  const signed = await trial.grant(recipe, { recipient });
  await call(as(researcher), personRoutes.requestGrant, { body: { grant: signed } });
  const { id, programme } = signed.payload;
  for (const by of [steward, officer]) {
    const at = instantOf(Date.now());
    const payload = { v: 1, kind: 'approval', programme, at, grant: signed.payload } as const;
    const body = { approval: await sign(payload, by) };
    await call(as(by), personRoutes.approveGrant, { params: { id }, body });
  }
  return id;
}

function endOf(ask: () => Promise<JobState>): Promise<JobState> {
  return until(async () => {
    const job = await ask();
    return ['done', 'failed'].includes(job.state) ? job : undefined;
  });
}

test('a keeper killed as it opens leaves an entry, and the next one starts anew', async () => {
  const vaultFolder = join(folder, 'vault');
  const { publicKey } = await createVault(vaultFolder);
  const { trial, charterFile, server } = await programme(publicKey, { k: 1 });
  const { line } = await start('server/src/main.ts', server);
  const as = callerOf(String(line.url));
  const settings = { serverUrl: String(line.url), vaultFolder, charterFile, workers: 1 };
  const config = await configFile('vault.json', settings);
  let keeper = await start('vault/src/main.ts', config);
  const participant = await joinWithManifest(trial, as);
  const mine = as(participant.device);
  const holder = as(trial.persons.researcher);
  const { id: trajectory } = await recorded(trial, mine, participant, trialServer());
  const grant = await approvedGrant(trial, as);
  const jobOf = (id: string) => call(holder, personRoutes.job, { params: { id } });
  const built = await call(holder, personRoutes.buildRelease, { body: { grant, recipe } });
  expect(await endOf(() => jobOf(built.job))).toMatchObject({ state: 'done' });
  const params = { id: built.release };
  let used = '';
  const view = async () => {
    // A keeper that is new takes none of the one before it.
    const nonce = await until(async () => {
      const newest = await call(mine, publicRoutes.readingNonce, {});
      return newest.nonce === used ? undefined : newest.nonce;
    });
    used = nonce;
    const side = { charter: trial.charter, nowMs: Date.now, nonces: { next: () => nonce } };
    const { session } = await ownReading(side, participant, trajectory);
    return call(mine, deviceRoutes.openMine, { body: { session } });
  };
  const viewOf = (id: string) => call(mine, deviceRoutes.myJob, { params: { id } });
  const kinds = [
    { begin: view, stateOf: viewOf, ends: { state: 'failed', reason: 'session-nonce-unknown' } },
    {
      begin: () =>
        call(holder, personRoutes.rebuildRelease, { params, body: { grant, workers: 1 } }),
      stateOf: jobOf,
      ends: { state: 'done', facts: { same: true } },
    },
    {
      begin: () =>
        call(holder, personRoutes.exportRelease, { params, body: { grant, format: 'agentnet' } }),
      stateOf: jobOf,
      ends: { state: 'done' },
    },
  ] as const;
  for (const { begin, stateOf, ends } of kinds) {
    // Until one is hit between its intent and its end.
    for (let isHit = false; !isHit; ) {
      const before = await intentsIn(as);
      const { job } = await begin();
      const stood = await until(async () => {
        const now = await intentsIn(as).catch(() => before);
        return now > before ? now : undefined;
      });
      keeper.child.kill('SIGKILL');
      await once(keeper.child, 'exit');
      const { state } = await stateOf(job);
      isHit = state !== 'done' && state !== 'failed';
      keeper = await start('vault/src/main.ts', config);
      if (!isHit) continue;
      expect(await endOf(() => stateOf(job))).toMatchObject(ends);
      if (ends.state === 'done') expect(await intentsIn(as)).toBeGreaterThan(stood);
    }
  }
});

test('a second keeper on the same vault does not start', async () => {
  const vaultFolder = join(folder, 'vault');
  const { publicKey } = await createVault(vaultFolder);
  const { charterFile } = await programme(publicKey);
  const serverUrl = 'http://127.0.0.1:9';
  const config = await configFile('vault.json', { serverUrl, vaultFolder, charterFile });
  const keeper = await start('vault/src/main.ts', config);
  await expect(start('vault/src/main.ts', config)).rejects.toThrow('Another keeper has');
  keeper.child.kill('SIGTERM');
  expect(await once(keeper.child, 'exit')).toEqual([0, null]);
});

test('a keeper without a pinned charter or a configuration says what to do', async () => {
  const config = await configFile('vault.json', {
    serverUrl: 'http://127.0.0.1:9',
    vaultFolder: join(folder, 'vault'),
  });
  await expect(start('vault/src/main.ts', config)).rejects.toThrow('No charter is pinned');
  await expect(start('vault/src/main.ts')).rejects.toThrow('Name the configuration file');
});
