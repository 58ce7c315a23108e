import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import type { SpoolNote } from '@handrail/core/device';
import { idOf } from '@handrail/core/ids';
import { apply } from '@handrail/core/redact';
import {
  newSealKeyPair,
  newSigningSeed,
  randomBytes,
  type Signer,
  signerFromSeed,
} from '@handrail/core/seal';
import {
  encodeContent,
  type SegmentHeader,
  sealSegment,
  textSurfaces,
} from '@handrail/core/segment';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Spool } from './spool.ts';

let folder: string;
let signer: Signer;
let sealedTo: string;
const nowMs = 1_790_000_000_000;
const plaintext = `plain ${toBase64url(randomBytes(24))}`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-spool-'));
  signer = await signerFromSeed(newSigningSeed());
  sealedTo = toBase64url((await newSealKeyPair()).publicKey);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function segment(sequence: number, heldUntilMs: number) {
  const header: SegmentHeader = {
    v: 1,
    programme: idOf('prog', signer.publicKey),
    pseudonym: idOf('part', signer.publicKey),
    device: idOf('dev', signer.publicKey),
    session: idOf('ses', signer.publicKey),
    sequence,
    closes: true,
    consentEpoch: 1,
    programmeEpoch: 1,
    manifest: 'a'.repeat(64),
    display: 'virtual',
    sealedTo,
    day: '2026-11-23',
  };
  const run = {
    kind: 'run',
    atMs: 0,
    endedAtMs: 0,
    text: plaintext,
    keyCount: 1,
    field: 0,
  } as const;
  const rest = { contexts: [], frames: [], findings: [] };
  const record = { surfaces: textSurfaces([run]) };
  const texts = apply(record, { findings: [] });
  const content = encodeContent({ v: 1, startedAtMs: nowMs, events: [run], ...rest }, texts);
  const { id, bytes, contentKey } = await sealSegment(header, content, signer);
  const { session } = header;
  const note: SpoolNote = { id, session, sequence, fromMs: nowMs, toMs: nowMs, heldUntilMs };
  return { note, bytes, contentKey };
}

async function everyByte(): Promise<string> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')));
  return files.join('\n');
}

test('nothing in the spool is readable, and files belong to their owner alone', async () => {
  const spool = await Spool.open(folder);
  for (const [at, held] of [nowMs + 1000, 0].entries()) {
    const { note, bytes, contentKey } = await segment(at, held);
    await spool.add(note, bytes, contentKey, nowMs);
  }
  expect(await everyByte()).not.toContain(plaintext);
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).mode & 0o077, name).toBe(0);
  }
});

test('in the review window a segment opens for its owner and is not due', async () => {
  const spool = await Spool.open(folder);
  const { note, bytes, contentKey } = await segment(0, nowMs + 1000);
  await spool.add(note, bytes, contentKey, nowMs);
  expect(await spool.due(note.id)).toBeUndefined();
  expect(await spool.review(note.id)).toEqual({ sealed: bytes, contentKey });
});

test('after the review window the window key is gone and the sealed segment is due', async () => {
  const spool = await Spool.open(folder);
  const { note, bytes, contentKey } = await segment(0, nowMs + 1000);
  await spool.add(note, bytes, contentKey, nowMs);
  await spool.release(nowMs + 1000);
  expect(await spool.due(note.id)).toEqual(bytes);
  await expect(spool.review(note.id)).rejects.toMatchObject({ code: 'not.found' });
  expect(await everyByte()).not.toContain(Buffer.from(contentKey).toString('latin1'));
});

test('forgetting leaves no file of the segment', async () => {
  const spool = await Spool.open(folder);
  const { note, bytes, contentKey } = await segment(0, nowMs + 1000);
  await spool.add(note, bytes, contentKey, nowMs);
  await spool.drop(note.id);
  expect(await readdir(folder)).toEqual([]);
  expect(spool.size()).toEqual({ segments: 0, bytes: 0 });
});

test('a crash between a segment and its note loses neither', async () => {
  const first = await Spool.open(folder);
  const { note, bytes, contentKey } = await segment(3, 0);
  await first.add(note, bytes, contentKey, nowMs);
  await rm(join(folder, `${note.id}.json`));
  await writeFile(join(folder, '.aa.part'), 'half a file');
  const before = new Date(Date.now() - 3_600_000);
  await utimes(join(folder, '.aa.part'), before, before);
  const again = await Spool.open(folder);
  expect(again.notes()).toMatchObject([{ id: note.id, sequence: 3, session: note.session }]);
  expect(await again.due(note.id)).toEqual(bytes);
  expect(await readdir(folder)).not.toContain('.aa.part');
});

test('a full spool refuses, and keeps what it has', async () => {
  const spool = await Spool.open(folder, 1500);
  const first = await segment(0, 0);
  const second = await segment(1, 0);
  await spool.add(first.note, first.bytes, first.contentKey, nowMs);
  await expect(
    spool.add(second.note, second.bytes, second.contentKey, nowMs),
  ).rejects.toMatchObject({ code: 'storage.full' });
  expect(await spool.due(first.note.id)).toEqual(first.bytes);
});

test('a disk that takes no more is a clear error and leaves no half file', () => {
  const files = new URL('../home/files.ts', import.meta.url).href;
  const program = `
    import { writeFileDurably } from ${JSON.stringify(files)};
    process.on('SIGXFSZ', () => {});
    await writeFileDurably(process.argv[1], new Uint8Array(200_000)).catch((error) => {
      console.log(error.code);
    });`;
  const target = join(folder, 'large');
  const run = spawnSync(
    'sh',
    [
      '-c',
      'ulimit -f 100; exec "$0" --input-type=module -e "$1" "$2"',
      process.execPath,
      program,
      target,
    ],
    { encoding: 'utf8' },
  );
  expect(run.stdout.trim(), run.stderr).toBe('storage.full');
  expect(spawnSync('ls', ['-A', folder], { encoding: 'utf8' }).stdout).toBe('');
});
