import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { idOf } from '@handrail/core/ids';
import {
  commitment,
  decodeEntry,
  readEntries,
  tileHashReader,
  treeRoot,
} from '@handrail/core/ledger';
import { newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LedgerFiles } from '../ledger/ledger-files.ts';
import { LedgerLog } from '../ledger/ledger-log.ts';
import { type OpenDatabase, openDatabase } from '../storage/database.ts';
import type { NewSegment } from '../storage/tables.ts';
import { acceptanceOf } from './acceptance.ts';
import { SegmentBatches } from './segment-batch.ts';

let folder: string;
let database: OpenDatabase;
let ledger: LedgerLog;
let batches: SegmentBatches;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'batches-'));
  const place = { kind: 'pglite', folder: join(folder, 'database'), stallMsMax: 60_000 } as const;
  database = await openDatabase(place);
  const signer = { name: 'handrail.test/log', signer: await signerFromSeed(newSigningSeed()) };
  const files = await LedgerFiles.open(join(folder, 'ledger'));
  ledger = await LedgerLog.open({ files, signer, witnesses: [], witnessQuorum: 0 });
  batches = new SegmentBatches({ db: database.db, ledger, randomBytes, nowMs: Date.now });
});

afterAll(async () => {
  await batches[Symbol.asyncDispose]();
  await ledger[Symbol.asyncDispose]();
  await database.close();
  await rm(folder, { recursive: true });
});

/** A place of its own for each test: a session. */
const newSession = () => idOf('ses', randomBytes(32));

function row(session: string, sequence: number): NewSegment {
  const id = idOf('seg', randomBytes(32));
  const pseudonym = idOf('part', new Uint8Array(1));
  const rest = { closes: true, consent_epoch: 1, day: '2026-01-01', bytes: 1, reason: null };
  return { id, pseudonym, session, sequence, state: 'accepted', ...rest };
}

test('segments that come at once share one leaf', async () => {
  const session = newSession();
  const rows = Array.from({ length: 50 }, (_, sequence) => row(session, sequence));
  const before = ledger.size;
  const outcomes = await Promise.all(rows.map((one) => batches.add(one)));
  expect(outcomes.every((outcome) => outcome === 'accepted')).toBe(true);
  expect(ledger.size - before).toBe(1);
});

test('of two for one place the first is taken, and no other in their batch suffers', async () => {
  const session = newSession();
  const rows = [0, 1, 1, 2].map((sequence) => row(session, sequence));
  const outcomes = await Promise.all(rows.map((one) => batches.add(one)));
  expect(outcomes).toEqual(['accepted', 'accepted', 'sequence', 'accepted']);
});

test('how a segment was accepted is what its leaf commits to', async () => {
  const rows = [0, 1, 2].map((sequence) => row(newSession(), sequence));
  await Promise.all(rows.map((one) => batches.add(one)));
  const told = await acceptanceOf(database, rows[1]?.id ?? '');
  expect(told.segments).toEqual(rows.map(({ id }) => id).toSorted());
  const { salt, leaf, segments } = told;
  const root = await treeRoot(tileHashReader(ledger.files, ledger.size), ledger.size);
  const head = { size: ledger.size, root };
  const { value } = await readEntries(ledger.files, head, leaf).next();
  const { kind, commitment: made } = decodeEntry(value?.bytes ?? new Uint8Array());
  const committed = commitment(fromBase64url(salt), canonicalBytes({ segments }));
  expect({ kind, made }).toEqual({ kind: 'segments.accepted', made: committed });
  const unknown = acceptanceOf(database, idOf('seg', randomBytes(32)));
  await expect(unknown).rejects.toMatchObject({ code: 'not.found' });
});

test('the same segment again is accepted again', async () => {
  const one = row(newSession(), 0);
  expect(await batches.add(one)).toBe('accepted');
  expect(await batches.add(one)).toBe('accepted');
});
