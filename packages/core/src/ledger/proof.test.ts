import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import { appendEntries, emptyEdge } from './append.ts';
import { leafHash } from './hash.ts';
import { type Proof, verifyConsistency, verifyInclusion } from './proof.ts';
import { proveConsistency, proveInclusion, treeRoot } from './prove.ts';
import { tileHashReader } from './tile-reader.ts';

// RFC 6962 section 2.1 word for word, over arrays of entries: slow, and nothing shared with ours.
const sha = (...parts: Uint8Array[]) =>
  new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
const half = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);

function mth(entries: readonly Uint8Array[]): Uint8Array {
  const [first] = entries;
  if (first === undefined) return sha();
  if (entries.length === 1) return sha(Uint8Array.of(0), first);
  const k = half(entries.length);
  return sha(Uint8Array.of(1), mth(entries.slice(0, k)), mth(entries.slice(k)));
}

function path(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length === 1) return [];
  const k = half(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m < k ? [...path(m, left), mth(right)] : [...path(m - k, right), mth(left)];
}

function subproof(m: number, entries: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === entries.length) return whole ? [] : [mth(entries)];
  const k = half(entries.length);
  const [left, right] = [entries.slice(0, k), entries.slice(k)];
  return m <= k
    ? [...subproof(m, left, whole), mth(right)]
    : [...subproof(m - k, right, false), mth(left)];
}

const entriesOf = (size: number) => Array.from({ length: size }, (_, at) => utf8(`entry ${at}`));

function hashesOf(entries: readonly Uint8Array[]) {
  const { files } = appendEntries(emptyEdge, entries);
  const stored = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return tileHashReader({ readTile: async (path) => stored.get(path) }, entries.length);
}

const indexAndSize = fc
  .tuple(fc.integer({ min: 1, max: 700 }), fc.nat())
  .map(([size, number]) => ({ size, index: number % size }));

test('roots and inclusion proofs are those of the RFC and hold', async () => {
  await fc.assert(
    fc.asyncProperty(indexAndSize, async ({ size, index }) => {
      const entries = entriesOf(size);
      const hashes = hashesOf(entries);
      const root = mth(entries);
      expect(await treeRoot(hashes, size)).toEqual(root);
      const proof = await proveInclusion(hashes, index, size);
      expect(proof).toEqual(path(index, entries));
      const leaf = leafHash(utf8(`entry ${index}`));
      expect(verifyInclusion(leaf, index, { size, root }, proof)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('consistency proofs are those of the RFC and hold', async () => {
  await fc.assert(
    fc.asyncProperty(indexAndSize, async ({ size, index: older }) => {
      const entries = entriesOf(size);
      const proof = await proveConsistency(hashesOf(entries), older, size);
      expect(proof).toEqual(older === 0 ? [] : subproof(older, entries, true));
      const heads = [
        { size: older, root: mth(entries.slice(0, older)) },
        { size, root: mth(entries) },
      ] as const;
      expect(verifyConsistency(...heads, proof)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** The proof with one bit changed, one hash fewer, one more, or two swapped. */
function* tampered(proof: Proof): Generator<Proof> {
  for (let at = 0; at < proof.length; at++) {
    yield proof.map((hash, i) => (i === at ? flip(hash) : hash));
    yield proof.filter((_, i) => i !== at);
    yield [
      ...proof.slice(at),
      ...proof.slice(0, at),
      ...(at === 0 ? [flip(new Uint8Array(32))] : []),
    ];
    yield [...proof.slice(0, at), new Uint8Array(32), ...proof.slice(at)];
    yield proof.map((hash, i) => (i === at ? hash.slice(0, 31) : hash));
  }
  yield [...proof, new Uint8Array(32)];
}

function flip(hash: Uint8Array): Uint8Array {
  return hash.map((byte, at) => (at === hash.length - 1 ? byte ^ 1 : byte));
}

test('an inclusion proof with anything changed is refused', async () => {
  await fc.assert(
    fc.asyncProperty(indexAndSize, async ({ size, index }) => {
      const entries = entriesOf(size);
      const head = { size, root: mth(entries) };
      const leaf = leafHash(utf8(`entry ${index}`));
      const proof = path(index, entries);
      for (const bad of tampered(proof)) {
        expect(verifyInclusion(leaf, index, head, bad)).toBe(false);
      }
      expect(verifyInclusion(flip(leaf), index, head, proof)).toBe(false);
      expect(verifyInclusion(leaf, index, { size, root: flip(head.root) }, proof)).toBe(false);
      for (const other of [index - 1, index + 1, size, -1, 0.5, Number.NaN]) {
        expect(verifyInclusion(leaf, other, head, proof)).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});

test('a consistency proof with anything changed is refused', async () => {
  await fc.assert(
    fc.asyncProperty(indexAndSize, async ({ size, index: size1 }) => {
      const entries = entriesOf(size);
      const older = { size: size1, root: mth(entries.slice(0, size1)) };
      const newer = { size, root: mth(entries) };
      const proof = size1 === 0 ? [] : subproof(size1, entries, true);
      for (const bad of tampered(proof)) expect(verifyConsistency(older, newer, bad)).toBe(false);
      expect(verifyConsistency({ ...older, root: flip(older.root) }, newer, proof)).toBe(false);
      if (size1 > 0) {
        expect(verifyConsistency(older, { ...newer, root: flip(newer.root) }, proof)).toBe(false);
      }
      expect(verifyConsistency(newer, older, proof)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('a fork of the same size and a rewritten past are inconsistent', async () => {
  const entries = entriesOf(300);
  const forked = entries.with(120, utf8('another past'));
  const proof = await proveConsistency(hashesOf(forked), 200, 300);
  const older = { size: 200, root: mth(entries.slice(0, 200)) };
  expect(verifyConsistency(older, { size: 300, root: mth(forked) }, proof)).toBe(false);
  const same = { size: 300, root: mth(entries) };
  expect(verifyConsistency(same, { size: 300, root: mth(forked) }, [])).toBe(false);
  expect(verifyConsistency(same, same, [])).toBe(true);
});

test('hashes outside the ledger cannot be asked for', async () => {
  const hashes = hashesOf(entriesOf(300));
  await expect(hashes(0, 300)).rejects.toThrow(/inside the ledger/);
  await expect(hashes(8, 1)).rejects.toThrow(/inside the ledger/);
  await expect(proveInclusion(hashes, 300, 300)).rejects.toThrow(/inside the ledger/);
  await expect(proveConsistency(hashes, 301, 300)).rejects.toThrow(/smaller/);
});
