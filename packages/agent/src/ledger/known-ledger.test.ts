import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendEntries,
  checkpointPath,
  emptyEdge,
  encodeEntry,
  type LogEdge,
  type NoteSigner,
  signCheckpoint,
  verifierKey,
} from '@handrail/core/ledger';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Home } from '../home/home.ts';
import { standingOf } from '../standing.ts';
import { followLedger, ledgerEvidence } from './known-ledger.ts';

const nowMs = Date.parse('2026-11-23T10:00:00Z');
let folder: string;
let home: Home;
let log: NoteSigner;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'known-ledger-'));
  home = new Home(folder);
  log = { name: 'example.com/log', signer: await signerFromSeed(newSigningSeed()) };
});
afterEach(() => rm(folder, { recursive: true }));

/** A ledger as its server may show it: one entry for each of `counts`. */
class Shown {
  readonly files = new Map<string, Uint8Array>();
  #edge: LogEdge = emptyEdge;

  async grow(...counts: readonly number[]): Promise<this> {
    for (const count of counts) {
      const at = '2026-11-23T10:00:00Z';
      const entry = encodeEntry({ v: 1, kind: 'segments.accepted', at, count });
      const growth = appendEntries(this.#edge, [entry]);
      this.#edge = growth.edge;
      for (const { path, bytes } of growth.files) this.files.set(path, bytes);
      this.files.set(checkpointPath, await signCheckpoint(growth.head, log));
    }
    return this;
  }

  async follow(quorum = 0) {
    const reader = { readTile: async (path: string) => this.files.get(path) };
    const key = verifierKey(log.name, log.signer.publicKey, 'ed25519');
    const followed = await followLedger(home, reader, { log: key, witnesses: [], quorum }, nowMs);
    return followed.kind === 'continues' ? followed.kind : followed.reason;
  }
}

test('a ledger that grows is followed, also by the next run', async () => {
  const shown = await new Shown().grow(1, 2);
  expect(await shown.follow()).toBe('continues');
  expect(await (await shown.grow(3)).follow()).toBe('continues');
  expect(await ledgerEvidence(home)).toBeUndefined();
});

test.each([
  ['cut', 'rollback', [1, 2], [1]],
  ['edited', 'fork', [1, 2], [1, 9]],
  ['cut and grown again', 'inconsistent', [1, 2], [1, 9, 3]],
])('a ledger that was %s is refused, with evidence: %s', async (_how, reason, before, after) => {
  const known = await new Shown().grow(...before);
  await known.follow();
  const other = await new Shown().grow(...after);
  expect(await other.follow()).toBe(reason);
  const evidence = await ledgerEvidence(home);
  expect(evidence?.reason).toBe(reason);
  expect(evidence?.known).not.toBe(evidence?.shown);
  expect(await known.follow()).toBe('continues');
  expect((await ledgerEvidence(home))?.reason).toBe(reason);
});

test('an edited entry under the same checkpoint is noticed when the ledger grows', async () => {
  const shown = await new Shown().grow(1, 2, 3);
  await shown.follow();
  const edited = await new Shown().grow(1, 7, 3, 4);
  expect(await edited.follow()).toBe('inconsistent');
});

test('what is unsigned, or signed by too few witnesses, proves nothing', async () => {
  const shown = await new Shown().grow(1);
  expect(await shown.follow(1)).toBe('not-enough-witnesses');
  log = { ...log, signer: await signerFromSeed(newSigningSeed()) };
  expect(await shown.follow()).toBe('unsigned');
  expect(await ledgerEvidence(home)).toBeUndefined();
});

test('a device that has seen a fork records nothing, and says why', () => {
  const facts = {
    ...{ withdrawn: false, pausedUntilMs: undefined, hasManifest: true, hasKeys: true },
    display: 'watched',
    indicator: 'healthy',
    trouble: undefined,
    budget: { step: 'all', because: undefined },
    ledger: 'fork',
    lease: {
      kind: 'live',
      lease: { programmeEpoch: 1, consentEpoch: 1, manifest: '', expiresAt: '' },
    },
  } as const;
  expect(standingOf(facts)).toMatchObject({ state: 'off', looks: false, gap: 'no-lease' });
  expect(standingOf({ ...facts, ledger: undefined }).state).toBe('recording');
});
