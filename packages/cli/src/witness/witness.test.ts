import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fromUtf8, utf8 } from '@handrail/core/bytes';
import {
  addSignatures,
  appendEntries,
  emptyEdge,
  formatAddCheckpoint,
  parseVerifierLine,
  proveConsistency,
  signCheckpoint,
  signNote,
  tileHashReader,
  verifierKey,
  verifierLine,
  verifyCheckpoint,
} from '@handrail/core/ledger';
import { signerFromSeed } from '@handrail/core/seal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWitness, type Witness } from './witness.ts';

const signer = await signerFromSeed(new Uint8Array(32).fill(6));
const log = { name: 'example.com/log', signer };
const logKey = verifierKey(log.name, signer.publicKey, 'ed25519');
const nowS = 1_800_000_000;

let folder: string;
let witness: Witness;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'witness-'));
  children = [];
  witness = await start();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await witness.close();
  await rm(folder, { recursive: true });
});

function options() {
  const [keyFile, stateFile] = [join(folder, 'key'), join(folder, 'state')];
  return { keyFile, stateFile, port: 0, logs: [verifierLine(logKey)], nowMs: () => nowS * 1000 };
}

const start = () => startWitness(options());

async function restart(): Promise<void> {
  await witness.close();
  witness = await start();
}

/** A ledger of `size` entries; another `past` is another ledger from entry 1 on. */
function ledger(size: number, past = 'a') {
  const entries = Array.from({ length: size }, (_, at) => utf8(at === 1 ? past : `${at}`));
  const { files, head } = appendEntries(emptyEdge, entries);
  const stored = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return { head, hashes: tileHashReader({ readTile: async (path) => stored.get(path) }, size) };
}

async function request(oldSize: number, size: number, past = 'a') {
  const { head, hashes } = ledger(size, past);
  const checkpoint = await signCheckpoint(head, log);
  const proof = oldSize <= size ? await proveConsistency(hashes, oldSize, size) : [];
  return { oldSize, proof, checkpoint };
}

async function post(body: Uint8Array | string) {
  const response = await fetch(`${witness.url}/add-checkpoint`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text: await response.text() };
}

const add = async (oldSize: number, size: number, past = 'a') =>
  post(formatAddCheckpoint(await request(oldSize, size, past)));

const conflict = (size: number) => ({ status: 409, type: 'text/x.tlog.size', text: `${size}\n` });

test('a growing log gets cosignatures that hold', async () => {
  expect((await add(0, 5)).status).toBe(200);
  const { status, text } = await add(5, 300);
  expect(status).toBe(200);
  const { checkpoint } = await request(5, 300);
  const cosigned = addSignatures(checkpoint, [text.trimEnd()]);
  const key = parseVerifierLine(witness.verifierLine);
  expect(await verifyCheckpoint(cosigned, logKey, [key], 1)).toMatchObject({
    kind: 'verified',
    cosignatures: [{ witness: key.name, timestampS: nowS }],
  });
  expect((await add(300, 300)).status).toBe(200);
});

test('rollback, replay and forks get no cosignature, also after a restart', async () => {
  expect((await add(0, 5)).status).toBe(200);
  expect((await add(5, 9)).status).toBe(200);
  for (let round = 0; round < 2; round++) {
    expect(await add(0, 5)).toEqual(conflict(9));
    expect(await add(5, 9)).toEqual(conflict(9));
    expect(await add(0, 12, 'b')).toEqual(conflict(9));
    expect((await add(9, 5)).status).toBe(400);
    expect((await add(9, 12, 'b')).status).toBe(422);
    expect((await add(9, 9, 'b')).status).toBe(422);
    await restart();
  }
  expect((await add(9, 12)).status).toBe(200);
});

test('a changed proof gets no cosignature', async () => {
  await add(0, 5);
  const good = await request(5, 9);
  for (let at = 0; at < good.proof.length; at++) {
    const proof = good.proof.map((hash, i) => (i === at ? hash.map((byte) => byte ^ 1) : hash));
    expect((await post(formatAddCheckpoint({ ...good, proof }))).status).toBe(422);
  }
  const none = await post(formatAddCheckpoint({ ...good, proof: [] }));
  expect(none.status).toBe(422);
  expect((await post(formatAddCheckpoint(good))).status).toBe(200);
});

test('a first checkpoint with a proof and an empty log with another root are refused', async () => {
  const proof = [new Uint8Array(32)];
  const first = { ...(await request(0, 5)), proof };
  expect((await post(formatAddCheckpoint(first))).status).toBe(422);
  const bad = await signNote(`${log.name}\n0\n${'A'.repeat(43)}=\n`, log);
  const badBody = formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint: bad });
  expect((await post(badBody)).status).toBe(422);
  const checkpoint = await signCheckpoint(ledger(0).head, log);
  expect((await post(formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint }))).status).toBe(200);
  expect((await add(0, 5)).status).toBe(200);
});

test('unknown logs, missing and bad signatures, and bad bodies get their own answers', async () => {
  const { checkpoint } = await request(0, 5);
  const text = fromUtf8(checkpoint);
  const other = await signCheckpoint(ledger(5).head, { name: 'example.com/other', signer });
  const body = (note: string | Uint8Array) =>
    formatAddCheckpoint({
      oldSize: 0,
      proof: [],
      checkpoint: typeof note === 'string' ? utf8(note) : note,
    });
  expect((await post(body(other))).status).toBe(404);
  expect((await post(body(text.replace('\n5\n', '\n6\n')))).status).toBe(403);
  const renamed = text.replace('— example.com/log', '— example.com/l');
  expect((await post(body(renamed))).status).toBe(403);
  expect((await post(body('no note'))).status).toBe(400);
  expect((await post('')).status).toBe(400);
  expect((await post(text)).status).toBe(400);
  expect((await post('x'.repeat(1_000_000))).status).toBe(413);
  expect((await fetch(`${witness.url}/add-checkpoint`, { method: 'PUT' })).status).toBe(405);
  expect((await fetch(`${witness.url}/other`, { method: 'POST' })).status).toBe(404);
  expect((await add(0, 5)).status).toBe(200);
});

test('of requests at the same time only one continues the log', async () => {
  await add(0, 5);
  const answers = await Promise.all([add(5, 9), add(5, 8, 'a'), add(5, 7), add(5, 9)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
});

test('monitors can read the last cosigned checkpoint', async () => {
  const url = `${witness.url}/${createHash('sha256').update(log.name).digest('hex')}/checkpoint`;
  expect((await fetch(url)).status).toBe(404);
  await add(0, 5);
  await restart();
  const moved = url.replace(/^http:\/\/[^/]+/, witness.url);
  const bytes = new Uint8Array(await (await fetch(moved)).arrayBuffer());
  const key = parseVerifierLine(witness.verifierLine);
  expect(await verifyCheckpoint(bytes, logKey, [key], 1)).toMatchObject({
    checkpoint: { size: 5 },
  });
});

test('key and state are private files, and a restart keeps the key', async () => {
  await add(0, 5);
  const before = witness.verifierLine;
  await restart();
  expect(witness.verifierLine).toBe(before);
  for (const name of await readdir(folder)) {
    expect((await stat(join(folder, name))).mode & 0o777, name).toBe(0o600);
  }
});

test('a key that others may read, a damaged state, and a second witness are refused', async () => {
  await add(0, 5);
  await expect(start()).rejects.toMatchObject({ code: 'data.locked' });
  await witness.close();
  const { keyFile, stateFile } = options();
  await chmod(keyFile, 0o640);
  await expect(start()).rejects.toMatchObject({ code: 'storage.broken' });
  await chmod(keyFile, 0o600);
  const state = await readFile(stateFile, 'utf8');
  for (const damaged of ['', state.slice(0, -9), state.replace('"example.com', '"examplf.com')]) {
    await writeFile(stateFile, damaged);
    await expect(start(), damaged).rejects.toMatchObject({ code: 'storage.broken' });
  }
  await writeFile(stateFile, state);
  // A lock left by a dead process, and one whose number another process has now.
  for (const holder of ['', '999999999 1', `${process.pid} 1`]) {
    await writeFile(`${stateFile}.lock`, holder);
    await (await start()).close();
  }
  witness = await start();
  expect(await add(0, 9)).toEqual(conflict(5));
});

test('of many that start at the same moment, one runs', async () => {
  await witness.close();
  for (let round = 0; round < 3; round++) {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => start()));
    const running = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(running).toHaveLength(1);
    for (const one of running) await one.close();
  }
  witness = await start();
});

test('a request that never ends does not keep others waiting', async () => {
  const socket = connect(Number(new URL(witness.url).port), '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write('POST /add-checkpoint HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nold 0');
  expect((await add(0, 5)).status).toBe(200);
  socket.destroy();
});

test('a witness process that is killed starts again where it was', async () => {
  await witness.close();
  const first = await startProcess();
  expect((await add(0, 5)).status).toBe(200);
  first.kill('SIGKILL');
  await new Promise((resolve) => first.once('exit', resolve));
  const second = await startProcess();
  expect(await add(0, 9, 'b')).toEqual(conflict(5));
  second.kill('SIGTERM');
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  witness = await start();
});

async function startProcess(): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const { keyFile, stateFile, logs } = options();
  const flags = ['--key', keyFile, '--state', stateFile, '--log', logs[0] ?? ''];
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    witness = { ...JSON.parse(line), close: async () => {} };
    break;
  }
  return child;
}
