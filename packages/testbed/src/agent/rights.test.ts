import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { statusOf } from '@handrail/agent/control';
import { accept, join } from '@handrail/agent/enrol/join';
import { readProgramme } from '@handrail/agent/enrol/programme';
import { proveLeaving, whyNotLeft, withdraw } from '@handrail/agent/enrol/withdraw';
import { clientOf } from '@handrail/agent/home/client';
import { type Device, deviceSigner, Home } from '@handrail/agent/home/home';
import { Rights } from '@handrail/agent/rights';
import { fromUtf8 } from '@handrail/core/bytes';
import { parseInvite } from '@handrail/core/device';
import { type Charter, type ManifestFile, manifestHash, sign } from '@handrail/core/statement';
import { personRoutes, publicRoutes } from '@handrail/core/wire';
import { type RunningServer, startServer } from '@handrail/server/app';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  type Actor,
  activateManifest,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '../sample-programme.ts';

const dayMs = 86_400_000;
const wider: Charter['purposes'] = ['train-agents', 'evaluate-agents'];
const wide: ManifestFile = {
  version: 1,
  signals: ['key', 'window', 'focus'],
  contexts: [
    { app: 'editor', mode: 'full' },
    { app: 'sheet', mode: 'full' },
  ],
};
const narrow: ManifestFile = { ...wide, contexts: wide.contexts.slice(0, 1) };

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let homes = 0;

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), 'rights-'));
  sample = await sampleProgramme(joinPath(folder, 'organisation'));
  server = await startServer(sample.settings);
  await activateManifest(server.url, sample, wide);
});
afterAll(async () => {
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
});

async function joined(): Promise<Home> {
  homes += 1;
  const home = new Home(joinPath(folder, `home-${homes}`));
  const invite = parseInvite(`${sample.settings.inviteToken}.${sample.fingerprint}`);
  const programme = await readProgramme(server.url, sample.fingerprint);
  await join(home, server.url, invite, 'Someone', programme);
  return home;
}

/** The rights of an agent that starts in `home`, and how often what holds has changed. */
async function rightsOf(home: Home) {
  const device = await home.device();
  const client = clientOf(device.url, await deviceSigner(device));
  const changes = { count: 0 };
  const onChange = async () => {
    changes.count += 1;
  };
  const rights = new Rights({ home, device, client, onChange });
  rights.programmeEpoch = (await home.runState()).programmeEpoch;
  return { rights, changes };
}

/** Reads what holds and asks for a lease, as an agent does again and again. */
async function prepared(rights: Rights): Promise<Rights> {
  await rights.readManifest();
  if (rights.inForce === undefined) throw new Error('No manifest is in force.');
  await rights.refreshLease(rights.inForce);
  return rights;
}

/** As if consent had been given `days` ago. */
async function aged(home: Home, days: number): Promise<Device> {
  const device = await home.device();
  const payload = { ...device.consent.payload, at: instant(Date.now() - days * dayMs) };
  const consent = await sign(payload, await deviceSigner(device));
  await home.saveDevice({ ...device, consent });
  return home.device();
}

async function declare(kind: 'halt' | 'resume', programmeEpoch: number, ...by: Actor[]) {
  const { programme } = sample.charter.payload;
  const payload = { v: 1, kind, programme, programmeEpoch, at: instant() } as const;
  const statement = await sign(payload, ...by.map(({ signer }) => signer));
  await callAs(server.url, by[0], personRoutes.declare, { body: { statement } });
}

/** The ledger's size and hash; every statement that is accepted changes them. */
async function checkpoint(): Promise<string> {
  const bytes = await callAs(server.url, undefined, publicRoutes.ledger, {
    params: { '*': 'checkpoint' },
  });
  return fromUtf8(bytes).split('\n').slice(0, 3).join(' ');
}

test('consent is renewed once half of its time is over, and not before', async () => {
  const home = await joined();
  const charter = sample.charter.payload;
  for (const [days, isRenewed] of [
    [14, false],
    [16, true],
  ] as const) {
    const before = await aged(home, days);
    const { rights } = await rightsOf(home);
    await rights.readManifest();
    await rights.renew(charter);
    const { consent } = await home.device();
    expect(consent.payload.at > before.consent.payload.at, `${days} days`).toBe(isRenewed);
    expect({ ...consent.payload, at: '' }).toEqual({ ...before.consent.payload, at: '' });
  }
});

test('who has withdrawn renews nothing, neither here nor in the ledger', async () => {
  const home = await joined();
  const old = await aged(home, 20);
  await home.saveDevice({ ...old, withdrawn: true });
  const { rights } = await rightsOf(home);
  await rights.readManifest();
  const before = await checkpoint();
  // A renewal of the second in which it was given would be the same statement.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2_000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  await rights.renew(sample.charter.payload);
  expect((await home.device()).consent).toEqual(old.consent);
  expect(await checkpoint()).toBe(before);
});

test('a lease of an older programme epoch than an earlier run saw is none', async () => {
  const home = await joined();
  expect((await prepared((await rightsOf(home)).rights)).hasLiveLease).toBe(true);
  await home.saveRunState({ programmeEpoch: 2 });
  expect((await prepared((await rightsOf(home)).rights)).hasLiveLease).toBe(false);
});

test('after a halt nothing is captured until the quorum has signed for going on', async () => {
  const home = await joined();
  const { rights } = await rightsOf(home);
  expect((await prepared(rights)).hasLiveLease).toBe(true);
  await declare('halt', 2, sample.steward);
  expect((await prepared(rights)).hasLiveLease).toBe(false);
  await declare('resume', 3, sample.steward, sample.officer);
  expect((await prepared(rights)).hasLiveLease).toBe(true);
  expect(rights.programmeEpoch).toBe(3);
});

test('a narrower manifest is taken up while running, and ends what was begun before', async () => {
  const home = await joined();
  const { rights, changes } = await rightsOf(home);
  await prepared(rights);
  await prepared(rights);
  expect(changes.count).toBe(1);
  const { manifest } = rights.inForce ?? {};
  const next = await activateManifest(server.url, sample, narrow, 2);
  await prepared(rights);
  expect(manifest && manifestHash(manifest.payload)).not.toBe(manifestHash(next));
  expect(rights.inForce?.manifest.payload.manifest).toEqual(narrow);
  expect(changes.count).toBe(2);
  expect(rights.hasLiveLease).toBe(true);
});

test('that somebody left is proven by the ledger, and until then they are told', async () => {
  const home = await joined();
  await withdraw(home, 'withdrawal');
  const proven = await home.device();
  expect(proven).toMatchObject({ withdrawn: true, left: { isProven: true } });
  expect(whyNotLeft(proven)).toBeUndefined();
  const { left } = proven;
  if (left === undefined) throw new Error('nothing was told');
  for (const wrong of [
    { index: left.index - 1 },
    { salt: left.salt.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')) },
    { index: left.index + 1_000 },
  ]) {
    await home.saveDevice({ ...proven, left: { ...left, ...wrong, isProven: false } });
    await proveLeaving(home);
    const device = await home.device();
    expect(device.left?.isProven, JSON.stringify(wrong)).toBe(false);
    expect(whyNotLeft(device)).toContain('not proven in the ledger');
  }
  expect((await statusOf(home)).notLeft).toContain('not proven in the ledger');
  await home.saveDevice({ ...proven, leaving: 'withdrawal' });
  expect(whyNotLeft(await home.device())).toContain('not been told');
});

test('wider terms of a later charter stop capture here until they are accepted', async () => {
  const home = await joined();
  const { rights } = await rightsOf(home);
  expect((await prepared(rights)).hasLiveLease).toBe(true);
  const { steward, officer, charter } = sample;
  const payload = { ...charter.payload, number: 2, k: charter.payload.k, purposes: wider };
  for (const by of [steward, officer]) {
    const statement = await sign(payload, by.signer);
    await callAs(server.url, by, personRoutes.decide, { body: { statement } });
  }
  await prepared(rights);
  expect(rights.hasLiveLease).toBe(false);
  expect(rights.widerTerms).toEqual(['purposes']);
  const pinned = await home.device();
  expect(pinned.fingerprint).not.toBe(sample.fingerprint);
  expect(pinned.consent.payload.fingerprint).toBe(sample.fingerprint);
  await accept(home);
  expect((await prepared(rights)).hasLiveLease).toBe(true);
  expect(rights.widerTerms).toEqual([]);
});
