import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { fromHex, toHex, utf8 } from '../bytes/index.ts';
import { signerFromSeed } from '../seal/index.ts';
import {
  addSignatures,
  appendEntries,
  checkpointPath,
  commitment,
  cosign,
  type EntryKind,
  emptyEdge,
  encodeEntry,
  leafHash,
  oneTimeTag,
  parseNote,
  parseVerifierLine,
  proveConsistency,
  proveInclusion,
  readEntries,
  signCheckpoint,
  tileHashReader,
  treeRoot,
  verifierKey,
  verifierLine,
  verifyConsistency,
  verifyInclusion,
  verifyLog,
} from './index.ts';

// vectors/ledger is what this file makes. `HANDRAIL_VECTORS=write` writes it anew; otherwise what
// lies there must be the same byte for byte. The keys come from public labels: for tests only.
const folder = fileURLToPath(new URL('../../../../vectors/ledger/', import.meta.url));
const size = 300;
const cosignedAtS = 1_790_000_000;
// A list of its own: the vectors stay as they are when the ledger learns a new kind.
const kinds: readonly EntryKind[] = [
  ...(['programme.created', 'programme.halted', 'programme.resumed'] as const),
  ...(['manifest.approved', 'statement.accepted', 'segments.accepted'] as const),
  ...(['segments.opening', 'segments.opened', 'trajectories.opening'] as const),
  ...(['trajectories.opened', 'grant.approved', 'grant.revoked'] as const),
  ...(['release.published', 'release.downloaded', 'keys.shredded'] as const),
];
const seedOf = (label: string) => sha256(utf8(`handrail test vector, not secret: ${label}`));

async function party(name: string, kind: 'ed25519' | 'cosignature') {
  const signer = await signerFromSeed(seedOf(name));
  return { name, signer, key: verifierKey(name, signer.publicKey, kind) };
}

function entryAt(index: number): Uint8Array {
  const label = `entry ${index}`;
  const at = new Date((cosignedAtS - size + index) * 1000).toISOString().replace('.000', '');
  const kind = kinds[index % kinds.length] ?? 'segments.accepted';
  return encodeEntry({
    v: 1,
    kind,
    at,
    ...(index % 2 === 0 ? { commitment: commitment(seedOf('salt'), utf8(label)) } : {}),
    ...(index % 3 === 0 ? { tags: [oneTimeTag(seedOf('tag key'), label)] } : {}),
    ...(index % 5 === 0 ? { count: index } : {}),
    ...(index % 7 === 0 ? { digest: toHex(seedOf(label)) } : {}),
  });
}

async function makeVectors(): Promise<Map<string, Uint8Array>> {
  const log = await party('handrail.example/vectors', 'ed25519');
  const witness = await party('witness.example/vectors', 'cosignature');
  const grown = appendEntries(
    emptyEdge,
    Array.from({ length: size }, (_, at) => entryAt(at)),
  );
  const signed = await signCheckpoint(grown.head, log);
  const line = await cosign(parseNote(signed)?.text ?? '', witness, cosignedAtS);
  const files = new Map(grown.files.map(({ path, bytes }) => [`export/${path}`, bytes]));
  files.set(`export/${checkpointPath}`, addSignatures(signed, [line]));
  files.set('export/verifier-key', utf8(`${verifierLine(log.key)}\n`));
  files.set('witness-key', utf8(`${verifierLine(witness.key)}\n`));
  files.set('proofs.json', utf8(`${JSON.stringify(await makeProofs(files), null, 1)}\n`));
  return files;
}

async function makeProofs(files: ReadonlyMap<string, Uint8Array>) {
  const hashes = tileHashReader({ readTile: async (path) => files.get(`export/${path}`) }, size);
  const inclusion = [];
  for (const index of [0, 1, 127, 255, 256, 283, 299]) {
    const proof = await proveInclusion(hashes, index, size);
    inclusion.push({ index, leaf: toHex(leafHash(entryAt(index))), proof: proof.map(toHex) });
  }
  const consistency = [];
  for (const older of [0, 1, 7, 128, 255, 256, 257, 299, 300]) {
    const proof = await proveConsistency(hashes, older, size);
    const root = toHex(await treeRoot(hashes, older));
    consistency.push({ older, root, proof: proof.map(toHex) });
  }
  return { size, root: toHex(await treeRoot(hashes, size)), inclusion, consistency };
}

type Vectors = Awaited<ReturnType<typeof makeProofs>>;

test('vectors/ledger is what the code makes, byte for byte', async () => {
  const files = await makeVectors();
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    if (process.env.HANDRAIL_VECTORS === 'write') {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, bytes);
    }
    expect(toHex(readFileSync(target)), path).toBe(toHex(bytes));
  }
  const stored = readdirSync(join(folder, 'export'), { recursive: true, withFileTypes: true });
  expect(stored.filter((file) => file.isFile())).toHaveLength(files.size - 2);
});

const reader = {
  readTile: async (path: string) => new Uint8Array(readFileSync(join(folder, 'export', path))),
};

function readKey(path: string) {
  return parseVerifierLine(readFileSync(join(folder, path), 'utf8'));
}

test('the exported ledger verifies with its key and its witness', async () => {
  const witnesses = [readKey('witness-key')];
  const report = await verifyLog(reader, readKey('export/verifier-key'), { witnesses, quorum: 1 });
  expect(report).toMatchObject({
    size,
    problems: [],
    cosignatures: [{ witness: 'witness.example/vectors', timestampS: cosignedAtS }],
  });
  const head = { size, root: report.root };
  let next = 0;
  for await (const { index, bytes } of readEntries(reader, head)) {
    expect(index).toBe(next++);
    expect(toHex(bytes), `entry ${index}`).toBe(toHex(entryAt(index)));
  }
  expect(next).toBe(size);
});

test('the stored proofs hold', () => {
  const vectors: Vectors = JSON.parse(readFileSync(join(folder, 'proofs.json'), 'utf8'));
  const head = { size: vectors.size, root: fromHex(vectors.root) };
  expect(vectors.inclusion).toHaveLength(7);
  for (const { index, leaf, proof } of vectors.inclusion) {
    expect(verifyInclusion(fromHex(leaf), index, head, proof.map(fromHex)), `${index}`).toBe(true);
  }
  expect(vectors.consistency).toHaveLength(9);
  for (const { older, root, proof } of vectors.consistency) {
    const before = { size: older, root: fromHex(root) };
    expect(verifyConsistency(before, head, proof.map(fromHex)), `${older}`).toBe(true);
  }
});
