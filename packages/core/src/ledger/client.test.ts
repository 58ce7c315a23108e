import { beforeEach, expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import { signerFromSeed } from '../seal/index.ts';
import { appendEntries, emptyEdge, type Growth } from './append.ts';
import { signCheckpoint } from './checkpoint.ts';
import { checkEntry, checkpointPath, follow } from './client.ts';
import { encodeEntry } from './entry.ts';
import type { NoteSigner } from './note.ts';
import { verifierKey } from './note-key.ts';
import { verifyLog } from './verify-log.ts';

const entry = (count: number) =>
  encodeEntry({ v: 1, kind: 'segments.accepted', at: '2026-11-23T10:00:00Z', count });
const entries = (size: number) => Array.from({ length: size }, (_, at) => entry(at));

const signer = await signerFromSeed(new Uint8Array(32).fill(5));
const log: NoteSigner = { name: 'example.com/log', signer };
const key = verifierKey(log.name, signer.publicKey, 'ed25519');
const trust = { log: key, witnesses: [], quorum: 0 };

let stored: Map<string, Uint8Array>;
const reader = { readTile: async (path: string) => stored.get(path) };

async function store({ files, head }: Growth): Promise<void> {
  for (const { path, bytes } of files) stored.set(path, bytes);
  stored.set(checkpointPath, await signCheckpoint(head, log));
}

beforeEach(async () => {
  stored = new Map();
  await store(appendEntries(emptyEdge, entries(300)));
});

function damage(path: string, change: (bytes: Uint8Array) => Uint8Array | undefined): void {
  const bytes = change(stored.get(path) ?? new Uint8Array());
  if (bytes === undefined) stored.delete(path);
  else stored.set(path, bytes);
}

const flipAt = (where: number) => (bytes: Uint8Array) =>
  bytes.map((byte, at) => (at === where ? byte ^ 1 : byte));

async function followed() {
  const step = await follow(reader, undefined, trust);
  if (step.kind === 'refused') throw new Error(step.reason);
  return step.checkpoint;
}

test('a client follows a ledger that only grew', async () => {
  const first = await followed();
  await store(appendEntries(emptyEdge, entries(700)));
  const next = await follow(reader, first, trust);
  expect(next).toMatchObject({ kind: 'advanced', checkpoint: { size: 700 } });
});

test('a client refuses rollback, forks and a rewritten past, whoever signed them', async () => {
  const first = await followed();
  const refusal = async (growth: Growth) => {
    stored = new Map();
    await store(growth);
    return follow(reader, first, trust);
  };
  const rewritten = (size: number) => entries(size).with(9, entry(1_000_000));
  expect(await refusal(appendEntries(emptyEdge, entries(299)))).toMatchObject({
    reason: 'rollback',
  });
  expect(await refusal(appendEntries(emptyEdge, rewritten(300)))).toMatchObject({ reason: 'fork' });
  expect(await refusal(appendEntries(emptyEdge, rewritten(700)))).toMatchObject({
    reason: 'inconsistent',
  });
  stored.delete(checkpointPath);
  expect(await follow(reader, first, trust)).toMatchObject({ reason: 'no-checkpoint' });
});

test('a client finds its entry, and no other entry in its place', async () => {
  const checkpoint = await followed();
  for (const index of [0, 255, 256, 299]) {
    expect(await checkEntry(reader, checkpoint, index, entry(index))).toBe(true);
    expect(await checkEntry(reader, checkpoint, index, entry(index + 1))).toBe(false);
  }
  expect(await checkEntry(reader, checkpoint, 300, entry(300))).toBe(false);
  damage('tile/0/000', flipAt(40));
  expect(await checkEntry(reader, checkpoint, 0, entry(0))).toBe(false);
});

test('an intact export verifies without problems', async () => {
  expect(await verifyLog(reader, key)).toMatchObject({ origin: log.name, size: 300, problems: [] });
});

test('a bundle that was left partial is found in the full one', async () => {
  const old = stored.get(checkpointPath);
  await store(appendEntries(emptyEdge, entries(700)));
  if (old) stored.set(checkpointPath, old);
  for (const path of ['tile/entries/001.p/44', 'tile/0/001.p/44']) stored.delete(path);
  expect(await verifyLog(reader, key)).toMatchObject({ size: 300, problems: [] });
});

test.each([
  ['a missing checkpoint', checkpointPath, () => undefined, 'checkpoint-missing'],
  ['a bad signature', checkpointPath, flipAt(100), 'checkpoint-refused'],
  ['a cut ledger', 'tile/entries/001.p/44', () => undefined, 'entries-missing'],
  ['a cut bundle', 'tile/entries/001.p/44', (b: Uint8Array) => b.slice(0, -9), 'entries-missing'],
  ['an edited entry', 'tile/entries/000', flipAt(30), 'root-mismatch'],
  ['an unreadable entry', 'tile/entries/000', flipAt(2), 'entry-unreadable'],
  ['an edited leaf tile', 'tile/0/000', flipAt(0), 'tile-wrong'],
  ['an edited partial tile', 'tile/0/001.p/44', flipAt(0), 'tile-wrong'],
  ['a longer tile', 'tile/1/000.p/1', (b: Uint8Array) => new Uint8Array([...b, 1]), 'tile-wrong'],
  ['a missing tile', 'tile/1/000.p/1', () => undefined, 'tile-missing'],
] as const)('verification names %s', async (_, path, change, kind) => {
  damage(path, change);
  const { problems } = await verifyLog(reader, key);
  expect(problems.map((problem) => problem.kind)).toContain(kind);
});

test('a checkpoint larger than the entries, and a missing witness, are named', async () => {
  const { head } = appendEntries(emptyEdge, entries(310));
  stored.set(checkpointPath, await signCheckpoint(head, log));
  const { problems } = await verifyLog(reader, key, { quorum: 1 });
  expect(problems).toEqual([
    { kind: 'checkpoint-refused', reason: 'not-enough-witnesses' },
    { kind: 'entries-missing', path: 'tile/entries/001.p/54' },
  ]);
});

test('entries of other logs can be verified too', async () => {
  await store(appendEntries(emptyEdge, [utf8('any bytes')]));
  expect((await verifyLog(reader, key)).problems).toEqual([{ kind: 'entry-unreadable', index: 0 }]);
  expect((await verifyLog(reader, key, { entries: 'any' })).problems).toEqual([]);
});
