import { expect, test } from 'vitest';
import { toBase64url, utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { newSealKeyPair, newSigningSeed, randomBytes, signerFromSeed } from '../seal/index.ts';
import { type Consent, type DayKey, type Signed, sign } from '../statement/index.ts';
import { DayKeys, type KeyOwner } from './day-keys.ts';

const day = '2026-11-23';
const id = <P extends 'prog' | 'part' | 'dev'>(prefix: P) => idOf(prefix, randomBytes(32));
const newSigner = () => signerFromSeed(newSigningSeed());
const vault = await newSigner();
const device = await newSigner();
const x25519 = async () => toBase64url((await newSealKeyPair()).publicKey);
const consent: Consent = {
  v: 1,
  kind: 'consent',
  programme: id('prog'),
  pseudonym: id('part'),
  consentEpoch: 1,
  at: `${day}T10:00:00Z`,
  device: id('dev'),
  deviceKey: toBase64url(device.publicKey),
  readingKey: await x25519(),
  manifest: null,
  notice: '1'.repeat(64),
  fingerprint: 'aaaa-bbbb-cccc-dddd-eeee-ffff',
};
const owner: KeyOwner = {
  vaultKey: toBase64url(vault.publicKey),
  consent: { payload: consent },
};
const { programme, pseudonym, consentEpoch } = consent;
const honest: DayKey = {
  v: 1,
  kind: 'day-key',
  programme,
  pseudonym,
  consentEpoch,
  tier: 'raw',
  day,
  publicKey: await x25519(),
};

/** What a device believes of a server that answers with these keys. */
async function believed(...keys: readonly Signed<DayKey>[]) {
  const held = new DayKeys(owner);
  await held.refresh({
    signer: device,
    nowMs: Date.now,
    randomBytes,
    transport: async () => ({ status: 200, body: utf8(JSON.stringify({ keys })) }),
  });
  return held.of(day)?.publicKey;
}

test('a day key that the vault signed for this participant is used', async () => {
  expect(await believed(await sign(honest, vault))).toBe(honest.publicKey);
});

test("a server's own day key is not used, however it is dressed up", async () => {
  const server = await newSigner();
  const own = { ...honest, publicKey: await x25519() };
  const real = await sign(honest, vault);
  const forged = await sign(own, server);
  const borrowed = { payload: own, signatures: real.signatures };
  const [signature] = forged.signatures;
  const renamed = signature && { ...signature, key: owner.vaultKey };
  expect(await believed(forged)).toBeUndefined();
  expect(await believed(borrowed)).toBeUndefined();
  expect(await believed({ payload: own, signatures: renamed ? [renamed] : [] })).toBeUndefined();
  expect(await believed(real, forged, borrowed)).toBe(honest.publicKey);
});

test.each([
  ['another participant', { pseudonym: id('part') }],
  ['another programme', { programme: id('prog') }],
  ['another consent epoch', { consentEpoch: 2 }],
  ['another tier', { tier: 'trajectory' }],
] as const)("a key that the vault signed for %s is not used as one's own", async (_, changes) => {
  expect(await believed(await sign({ ...honest, ...changes }, vault))).toBeUndefined();
});
