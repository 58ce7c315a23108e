import { expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import { newSigningSeed, randomBytes, signerFromSeed } from '../seal/index.ts';
import type { Lease } from '../wire/index.ts';
import { LeaseHolder, leaseMinutesMax } from './lease.ts';

const manifest = 'a'.repeat(64);
const startMs = Date.parse('2026-11-23T12:00:00Z');

/** A server that says whatever `lease` says now, or cannot be reached. */
async function asking(lease: () => Partial<Lease> | undefined) {
  const clock = { nowMs: startMs };
  const usual = { programmeEpoch: 1, consentEpoch: 1, manifest, expiresAt: '2026-11-23T12:03:00Z' };
  const client = {
    transport: async () => {
      const said = lease();
      const body = said ? { ...usual, ...said } : { code: 'unreachable', status: 503 };
      return { status: said ? 200 : 503, body: utf8(JSON.stringify(body)) };
    },
    signer: await signerFromSeed(newSigningSeed()),
    nowMs: () => clock.nowMs,
    randomBytes,
  };
  return { clock, holder: new LeaseHolder(client, { consentEpoch: 1, manifest }) };
}

test('a lease is for what was asked, or it is none', async () => {
  let said: Partial<Lease> = {};
  const { holder } = await asking(() => said);
  expect((await holder.refresh(1)).kind).toBe('live');
  for (const other of [{ manifest: 'b'.repeat(64) }, { consentEpoch: 2 }]) {
    said = other;
    expect((await holder.refresh(1)).kind).toBe('none');
  }
});

test('a lease for years ends within minutes, and a clock set back ends it', async () => {
  const { clock, holder } = await asking(() => ({ expiresAt: '2099-01-01T00:00:00Z' }));
  await holder.refresh(1);
  expect(holder.at(startMs + leaseMinutesMax * 60_000 - 1).kind).toBe('live');
  expect(holder.at(startMs + leaseMinutesMax * 60_000).kind).toBe('none');
  clock.nowMs = startMs;
  await holder.refresh(1);
  expect(holder.at(startMs - 3_600_000).kind).toBe('none');
});

test('the programme epoch never falls, and is known after the lease has run out', async () => {
  let programmeEpoch = 3;
  const { holder } = await asking(() => ({ programmeEpoch }));
  await holder.refresh(3);
  programmeEpoch = 2;
  expect((await holder.refresh(3)).kind).toBe('none');
  expect(holder.programmeEpoch).toBe(3);
});

test('a higher epoch that nobody of the charter resumed is no lease', async () => {
  let programmeEpoch = 1;
  const { holder } = await asking(() => ({ programmeEpoch }));
  await holder.refresh(1);
  programmeEpoch = 3;
  for (const resumed of [0, 1, 2]) expect((await holder.refresh(resumed)).kind).toBe('none');
  expect(holder.programmeEpoch).toBe(1);
  expect((await holder.refresh(3)).kind).toBe('live');
});
