import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { programmeFingerprint, sign } from '@handrail/core/statement';
import { deviceRoutes } from '@handrail/core/wire';
import { type RunningServer, startServer } from '@handrail/server/app';
import {
  activateManifest,
  callAs,
  headerOf,
  instant,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { openVault, type Vault } from '@handrail/vault/context';
import { runJob } from '@handrail/vault/keeper/jobs';
import { createVault } from '@handrail/vault/secrets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp, backUpRecord } from './back-up.ts';
import { filesIn } from './copy-tree.ts';
import type { Places } from './places.ts';
import { restore } from './restore.ts';

let folder: string;
let sample: SampleProgramme;
let places: Places;
let server: RunningServer;
let vault: Vault;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restore-'));
  const made = await sampleProgramme(at('sample'));
  const { publicKey: vaultKey } = await createVault(at('vault'));
  const settings = { ...made.settings, vaultKey, jobRetrySeconds: 0 };
  const fingerprint = programmeFingerprint(vaultKey, made.charter.payload);
  sample = { ...made, settings, fingerprint };
  await mkdir(at('programme'));
  await cp(settings.charterFile, join(at('programme'), 'charter.json'));
  places = { server: settings.dataFolder, programme: at('programme'), vault: at('vault') };
  await open();
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true });
});

async function open(): Promise<void> {
  const { charterFile } = sample.settings;
  server = await startServer(sample.settings);
  const { url: serverUrl } = server;
  vault = await openVault({ serverUrl, vaultFolder: at('vault'), charterFile, workers: 1 });
}

async function close(): Promise<void> {
  await vault[Symbol.asyncDispose]();
  await server.close();
}

/** What the vault does of its own accord, until there is nothing left. */
async function work(): Promise<void> {
  const { context } = vault;
  for (;;) {
    const leased = await context.server.leaseJob(60);
    if (leased === undefined) return;
    await context.server.finishJob(leased.id, await runJob(context, leased.id, leased.job));
  }
}

async function handIn(who: Participant): Promise<string> {
  const { keys } = await callAs(server.url, who, deviceRoutes.dayKeys);
  const place = { session: idOf('ses', randomBytes(32)), closes: false };
  const header = headerOf(sample, who, keys[0]?.payload.publicKey ?? '', place);
  const { id, bytes } = await sealed(header, who);
  await callAs(server.url, who, deviceRoutes.putSegment, { params: { id }, body: bytes });
  return `segments/${id}`;
}

async function erase(who: Participant): Promise<void> {
  const { programme } = sample.charter.payload;
  const { pseudonym } = who;
  const common = { v: 1, programme, pseudonym, consentEpoch: 1, at: instant() } as const;
  const statement = await sign({ ...common, kind: 'erasure' as const }, who.signer);
  await callAs(server.url, who, deviceRoutes.state, { body: { statement } });
}

const keysOf = ({ pseudonym }: Participant) =>
  vault.context.keyring.dayKeyNames({ pseudonym, consentEpoch: 1 });
const objects = async () =>
  (await filesIn(join(places.server, 'objects'))).filter((path) => path.startsWith('segments/'));

test('an old backup brings back nothing of who was erased since, and all of others', async () => {
  const manifest = await activateManifest(server.url, sample);
  const ann = await joinAs(server.url, sample, manifest);
  const bob = await joinAs(server.url, sample, manifest);
  await work();
  const [anns, bobs] = [await handIn(ann), await handIn(bob)];
  await close();
  await backUp(places, at('old'));
  await open();
  await erase(ann);
  await work();
  expect([await keysOf(ann), (await keysOf(bob)).length, await objects()]).toEqual([
    [],
    60,
    [bobs],
  ]);
  await backUpRecord(places, at('record'));
  await close();

  await rm(places.server, { recursive: true });
  const mark = at('unfinished');
  await expect(restore(places, at('old'), undefined, mark)).rejects.toMatchObject({
    code: 'ledger.unverified',
    message: expect.stringContaining('--record'),
  });
  expect(await restore(places, at('old'), at('record'), mark)).toMatchObject({ hasRoot: true });
  expect(await objects()).toEqual([anns, bobs].sort());

  await open();
  // Before any job: what was stated since is applied before the server listens.
  const lease = { consentEpoch: 1, manifest: ann.consent.manifest ?? '' };
  await expect(callAs(server.url, ann, deviceRoutes.lease, { body: lease })).rejects.toMatchObject({
    code: 'consent.stale',
  });
  // The database and its nodes are old; the root is not.
  expect([await keysOf(ann), (await keysOf(bob)).length]).toEqual([[], 60]);
  await work();
  expect(await objects()).toEqual([bobs]);
  const day = { tier: 'raw', day: instant().slice(0, 10) } as const;
  const owner = { pseudonym: bob.pseudonym, consentEpoch: 1 };
  expect(await vault.context.keyring.dayKey(owner, day)).toHaveLength(32);
  const { certificate } = await callAs(server.url, ann, deviceRoutes.erasure);
  expect(certificate?.payload).toMatchObject({ keys: 60, objects: { segments: 1 } });
});
