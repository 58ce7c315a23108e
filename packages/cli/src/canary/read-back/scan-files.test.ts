import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plant } from '../plant.ts';
import { runLength } from '../runs.ts';
import { encodingsOf } from './encodings.ts';
import { scanFolders } from './scan-files.ts';

const values = plant(150).map(({ secret }) => secret);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-scan-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function foundIn(name: string, contents: (value: string) => Buffer): Promise<number> {
  const to = join(folder, name);
  await mkdir(to);
  for (const [at, value] of values.entries()) await writeFile(join(to, `${at}`), contents(value));
  return (await scanFolders([to], values)).found.size;
}

const noise = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 89) % 251));
const among = (text: string | Buffer) => Buffer.concat([noise(777), Buffer.from(text), noise(333)]);
const letters = (value: string) => [...value];
const entity = (letter: string) => `&#${letter.codePointAt(0)};`;
const cborText = (text: string) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x78, bytes.length]), bytes]);
};

const forms: Readonly<Record<string, (value: string) => Buffer>> = {
  'UTF-8': (value) => among(value),
  'UTF-16, little end first': (value) => among(Buffer.from(value, 'utf16le')),
  'UTF-16, big end first': (value) => among(Buffer.from(value, 'utf16le').swap16()),
  'base64, phase 0': (value) => among(Buffer.from(`abc${value}def`).toString('base64')),
  'base64, phase 1': (value) => among(Buffer.from(`a${value}de`).toString('base64')),
  'base64url, phase 2': (value) => among(Buffer.from(`ab${value}d`).toString('base64url')),
  'an address': (value) => among(`https://example.org/?q=${encodeURIComponent(value)}&r=1`),
  'a form': (value) => among(new URLSearchParams({ q: value }).toString()),
  hex: (value) => among(Buffer.from(value).toString('hex')),
  JSON: (value) => among(JSON.stringify({ note: `x "${value}"` })),
  'HTML entities': (value) => among(`<p>${letters(value).map(entity).join('')}</p>`),
  gzip: (value) => among(gzipSync(`before ${value} after`)),
  zlib: (value) => among(deflateSync(`before ${value} after`)),
  deflate: (value) => deflateRawSync(`before ${value} after`),
  Zstandard: (value) => among(zstdCompressSync(`before ${value} after`)),
  'gzip in base64 in JSON in gzip': (value) =>
    gzipSync(JSON.stringify({ part: gzipSync(`before ${value}`).toString('base64') })),
  'a key event for each letter': (value) =>
    Buffer.from(JSON.stringify(letters(value).map((key) => ({ kind: 'key', key, x: 7 })))),
  'a row for each part': (value) =>
    Buffer.from(
      (value.match(/[\s\S]{1,3}/gu) ?? []).map((text) => JSON.stringify({ text, n: 1 })).join('\n'),
    ),
  'CBOR, a string for each letter': (value) =>
    Buffer.concat([
      Buffer.from([0x9f]),
      ...letters(value).map((letter) => Buffer.concat([cborText(letter), Buffer.from([0x18, 99])])),
      Buffer.from([0xff]),
    ]),
  'the part of it that counts': (value) => among(value.slice(0, runLength(value))),
  'the last part of it': (value) => among(value.slice(-runLength(value))),
};

for (const [name, form] of Object.entries(forms)) {
  test(`every value is found in a file as ${name}`, async () => {
    expect(await foundIn(name, form)).toBe(values.length);
  });
}

test('less of a value than counts is not found', async () => {
  const isPlain = (value: string) => Buffer.byteLength(value) === value.length;
  const less = (value: string) => among(isPlain(value) ? value.slice(0, runLength(value) - 1) : '');
  expect(await foundIn('less', less)).toBe(0);
});

test('what is not there is not found, and a scan of nothing says so', async () => {
  const to = join(folder, 'nothing');
  await mkdir(to);
  expect((await scanFolders([to], values)).files).toBe(0);
  await writeFile(join(to, 'noise'), Buffer.concat([noise(100_000), brotliCompressSync('none')]));
  const { found, files, bytes } = await scanFolders([to], values);
  expect([...found]).toEqual([]);
  expect([files, bytes > 100_000]).toEqual([1, true]);
});

test('a value in a file name is found', async () => {
  const to = join(folder, 'names');
  await mkdir(to);
  const plain = values.find((value) => /^[\w.-]+$/.test(value)) ?? '';
  await writeFile(join(to, `${plain}.txt`), '');
  expect((await scanFolders([to], [plain])).found.size).toBe(1);
});

test('what a database holds is found where its files do not show it', async () => {
  const to = join(folder, 'database');
  const database = await PGlite.create(to);
  await database.query('create table kept (name text, body bytea, part text)');
  const [first = '', second = '', third = ''] = values;
  // Long and regular enough to be stored compressed.
  const long = `${'the same again, '.repeat(4_000)}${first}`;
  await database.query('insert into kept values ($1, $2, $3)', [
    long,
    gzipSync(second),
    third.slice(0, 4),
  ]);
  await database.query('insert into kept values ($1, $2, $3)', ['', null, third.slice(4)]);
  await database.close();
  const { found, rows } = await scanFolders([to], [first, second, third]);
  expect([...found.keys()].sort()).toEqual([0, 1, 2]);
  expect(rows).toBeGreaterThan(5);
});

test('the letters of base64 that depend on the value alone are the same in every phase', () => {
  const patterns = encodingsOf('quiet harbour').map((bytes) => bytes.toString());
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const text = Buffer.from(`${before}quiet harbour, and more`).toString('base64');
    expect(patterns.some((pattern) => text.includes(pattern))).toBe(true);
  }
});
