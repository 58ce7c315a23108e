import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUtf8, toBase64url, utf8 } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { idOf } from '@handrail/core/ids';
import {
  appendEntries,
  commitment,
  emptyEdge,
  encodeEntry,
  type LogEdge,
  type TreeHead,
} from '@handrail/core/ledger';
import {
  openingTag,
  partsTree,
  sealTagKey,
  sealTelling,
  tagGapMax,
  telling,
} from '@handrail/core/opening';
import {
  newSealKeyPair,
  newSigningSeed,
  randomBytes,
  type Signer,
  signerFromSeed,
} from '@handrail/core/seal';
import type { WireRequest } from '@handrail/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Device, Home } from '../home/home.ts';
import { emptyBook, readOpeningBook, saveOpeningBook } from './opening-book.ts';
import { ownOpenings } from './own-openings.ts';

const id = <P extends 'prog' | 'part' | 'dev' | 'job' | 'traj'>(prefix: P) =>
  idOf(prefix, randomBytes(32));
const owner = { programme: id('prog'), pseudonym: id('part'), consentEpoch: 1 };
const tagKey = randomBytes(32);

let folder: string;
let vault: Signer;
let device: Device;
let readingKey: Uint8Array;
let edge: LogEdge;
let head: TreeHead;
let files: Map<string, Uint8Array>;
/** What the server says when asked; a test may make it lie. */
let boxes: Map<string, Uint8Array>;
let signTagKeys: Signer;
let asked: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'own-openings-'));
  vault = await signerFromSeed(newSigningSeed());
  signTagKeys = vault;
  const reading = await newSealKeyPair();
  readingKey = reading.publicKey;
  const consent = { payload: { consentEpoch: 1 } };
  const vaultKey = toBase64url(vault.publicKey);
  const keys = { vaultKey, readingKey: toBase64url(reading.privateKey) };
  device = { ...owner, ...keys, consent } as unknown as Device;
  edge = emptyEdge;
  files = new Map();
  boxes = new Map();
  asked = 0;
});
afterEach(() => rm(folder, { recursive: true }));

function append(entry: Uint8Array): void {
  const growth = appendEntries(edge, [entry]);
  ({ edge, head } = growth);
  for (const { path, bytes } of growth.files) files.set(path, bytes);
}

/** The vault opens something of `pseudonym`, and tells them. */
async function opened(number: number, pseudonym = owner.pseudonym): Promise<string> {
  const part = { v: 1 as const, pseudonym, consentEpoch: 1, ids: [id('traj')] };
  const own = { salt: randomBytes(32), part };
  const { parts, proofs } = await partsTree([own]);
  const opening = {
    ...{ v: 1 as const, kind: 'trajectories.opening' as const, job: id('job') },
    ...{ purpose: 'train-agents', tier: 'release', by: { kind: 'programme' as const }, parts },
  };
  const salt = randomBytes(32);
  const committed = commitment(salt, canonicalBytes(opening));
  const tag = openingTag(tagKey, number);
  const told = telling(salt, opening, own, proofs[0] ?? { index: 0, hashes: [] });
  boxes.set(committed, await sealTelling(told, tag, readingKey));
  const at = '2026-11-23T10:00:00Z';
  append(encodeEntry({ v: 1, kind: opening.kind, at, commitment: committed, tags: [tag] }));
  return committed;
}

function noise(): void {
  const tags = [toBase64url(randomBytes(16))];
  append(encodeEntry({ v: 1, kind: 'segments.opening', at: '2026-11-23T10:00:00Z', tags }));
}

async function answer({ target, body }: WireRequest) {
  if (target.endsWith('tag-keys')) {
    return { keys: [await sealTagKey(owner, tagKey, readingKey, signTagKeys)] };
  }
  asked += 1;
  const { entries } = JSON.parse(fromUtf8(body)) as { entries: { commitment: string }[] };
  const box = ({ commitment }: { commitment: string }) => boxes.get(commitment);
  return {
    boxes: entries.map((entry) => box(entry) ?? null).map((one) => one && toBase64url(one)),
  };
}

async function look(book = emptyBook) {
  const client = {
    transport: async (request: WireRequest) => {
      return { status: 200, body: utf8(JSON.stringify(await answer(request))) };
    },
    signer: await signerFromSeed(newSigningSeed()),
    nowMs: Date.now,
    randomBytes,
  };
  const reader = { readTile: async (path: string) => files.get(path) };
  const checkpoint = { ...head, origin: 'example.com/log', extensions: [] };
  return ownOpenings(device, client, reader, checkpoint, book);
}

test('a device finds its openings among others, and looks at each entry once', async () => {
  noise();
  await opened(0);
  noise();
  const first = await look();
  expect(first.book.found.map(({ index, told }) => [index, told.kind])).toEqual([[1, 'told']]);
  expect(first.epochsWithoutKey).toEqual([]);
  await opened(tagGapMax);
  const home = new Home(folder);
  await saveOpeningBook(home, first.book);
  const second = await look(await readOpeningBook(home));
  expect(second.book.found.map(({ index, told }) => [index, told.kind])).toEqual([
    [1, 'told'],
    [3, 'told'],
  ]);
  expect([second.book.size, asked]).toEqual([4, 2]);
});

test('a server that withholds what was told is reported, until it tells', async () => {
  const committed = await opened(0);
  const box = boxes.get(committed) ?? new Uint8Array();
  boxes.clear();
  const { book } = await look();
  expect(book.found.map(({ told }) => told.kind)).toEqual(['withheld']);
  boxes.set(committed, box);
  expect((await look(book)).book.found.map(({ told }) => told.kind)).toEqual(['told']);
});

test('a server that tells of another opening, or of nonsense, is reported', async () => {
  const [first, second] = [await opened(0), await opened(1)];
  boxes.set(first, boxes.get(second) ?? new Uint8Array());
  boxes.set(second, randomBytes(500));
  const { book } = await look();
  expect(book.found.map(({ told }) => told.kind)).toEqual(['false', 'false']);
});

test('an entry that is edited or missing under the signed head is no reading', async () => {
  await opened(0);
  noise();
  const [path = ''] = [...files.keys()].filter((one) => one.includes('/entries/')).slice(-1);
  const bytes = files.get(path) ?? new Uint8Array();
  files.set(path, bytes.with(20, (bytes[20] ?? 0) ^ 1));
  await expect(look()).rejects.toThrow('not what was signed');
  files.delete(path);
  await expect(look()).rejects.toThrow('missing or damaged');
});

test('what was told about somebody else is no telling', async () => {
  await opened(0, id('part'));
  const { book } = await look();
  expect(book.found.map(({ told }) => told.kind)).toEqual(['false']);
});

test('a tag key that is not signed by the vault is none, and the epoch is named', async () => {
  await opened(0);
  signTagKeys = await signerFromSeed(newSigningSeed());
  const { book, epochsWithoutKey } = await look();
  expect([book.found.length, epochsWithoutKey]).toEqual([0, [1]]);
  signTagKeys = vault;
  expect((await look(book)).book.found).toHaveLength(1);
});
