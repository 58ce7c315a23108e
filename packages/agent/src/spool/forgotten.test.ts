import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8, toBase64url } from '@handrail/core/bytes';
import { newSealKeyPair, newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import type { ClientContext, WireRequest } from '@handrail/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withdraw } from '../enrol/withdraw.ts';
import { type Device, Home } from '../home/home.ts';
import { Forgotten } from './forgotten.ts';
import { Spool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-forgotten-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const none = () => false;

async function clientOf(onCall: (request: WireRequest) => Promise<void>): Promise<ClientContext> {
  return {
    transport: async (request) => {
      await onCall(request);
      return { status: 204, body: new Uint8Array() };
    },
    signer: await signerFromSeed(newSigningSeed()),
    nowMs: () => 0,
    randomBytes,
  };
}

test('what is noted while something is being told is told the next time', async () => {
  const forgotten = new Forgotten(join(folder, 'forgotten.json'));
  const told: string[] = [];
  let isFirst = true;
  const client = await clientOf(async ({ body }) => {
    told.push(fromUtf8(body));
    if (isFirst) await forgotten.add('ses_a', [2], true);
    isFirst = false;
  });
  await forgotten.add('ses_a', [1], false);
  await forgotten.tell(client, none);
  await forgotten.tell(client, none);
  await forgotten.tell(client, none);
  expect(told).toEqual([
    '{"sequences":[1],"ended":false}',
    '{"sequences":[2],"ended":false}',
    '{"sequences":[],"ended":true}',
  ]);
});

test('a session has not ended while something of it waits', async () => {
  const forgotten = new Forgotten(join(folder, 'forgotten.json'));
  let calls = 0;
  const client = await clientOf(async () => {
    calls += 1;
  });
  await forgotten.add('ses_a', [], true);
  await forgotten.tell(client, () => true);
  expect(calls).toBe(0);
  await forgotten.tell(client, none);
  expect(calls).toBe(1);
});

test('withdrawing without a line empties the spool, and is told later', async () => {
  const home = new Home(folder);
  const spool = await Spool.open(home.path('spool'));
  const note = { session: 'ses_a', sequence: 0, fromMs: 0, toMs: 1, heldUntilMs: 9e12 };
  const id = 'seg_00000000000000000000000000';
  await spool.add({ ...note, id }, new Uint8Array(10), new Uint8Array(32), 0);
  await home.saveDevice(await deviceWithoutServer());
  await expect(withdraw(home, 'withdrawal')).rejects.toMatchObject({ code: 'unreachable' });
  expect(await home.device()).toMatchObject({ withdrawn: true, leaving: 'withdrawal' });
  expect((await Spool.open(home.path('spool'))).size()).toEqual({ segments: 0, bytes: 0 });
});

async function deviceWithoutServer(): Promise<Device> {
  const seed = newSigningSeed();
  const signer = await signerFromSeed(seed);
  const key = toBase64url(signer.publicKey);
  const reading = await newSealKeyPair();
  const zeros = '0'.repeat(26);
  const ids = { programme: `prog_${zeros}`, pseudonym: `part_${zeros}`, device: `dev_${zeros}` };
  const consent = {
    payload: {
      v: 1 as const,
      kind: 'consent' as const,
      ...ids,
      consentEpoch: 1,
      at: '2026-11-23T00:00:00Z',
      deviceKey: key,
      readingKey: toBase64url(reading.publicKey),
      manifest: null,
      notice: '0'.repeat(64),
      fingerprint: 'abcd',
    },
    signatures: [{ key, signature: 'A'.repeat(86) }],
  };
  return {
    v: 1,
    url: 'http://127.0.0.1:9',
    ...ids,
    fingerprint: 'abcd',
    vaultKey: key,
    signingSeed: toBase64url(seed),
    readingKey: toBase64url(reading.privateKey),
    consent,
    manifest: null,
    withdrawn: false,
  };
}
