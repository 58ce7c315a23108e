import { spawnSync } from 'node:child_process';
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
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodingsOf } from './encodings.ts';
import { plainLetters, standsIn } from './fuzzy.ts';
import { plant } from './plant.ts';
import { scanFolders } from './scan-files.ts';
import { scanPictures } from './scan-pictures.ts';

const planted = plant();
const values = planted.map(({ secret }) => secret);
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

test('at least 100 values are planted, through every inlet, and no two are alike', () => {
  expect(new Set(values).size).toBeGreaterThanOrEqual(100);
  expect(values.length).toBe(new Set(values).size);
  expect(new Set(planted.map(({ inlet }) => inlet)).size).toBe(5);
  expect(plant().some(({ secret }) => values.includes(secret))).toBe(false);
});

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
  gzip: (value) => among(gzipSync(`before ${value} after`)),
  zlib: (value) => among(deflateSync(`before ${value} after`)),
  deflate: (value) => deflateRawSync(`before ${value} after`),
  Zstandard: (value) => among(zstdCompressSync(`before ${value} after`)),
};

for (const [name, form] of Object.entries(forms)) {
  test(`every value is found in a file as ${name}`, async () => {
    expect(await foundIn(name, form)).toBe(values.length);
  });
}

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
  await writeFile(join(to, `${planted[0]?.value}.txt`), '');
  expect((await scanFolders([to], values)).found.size).toBe(1);
});

test('the letters of base64 that depend on the value alone are the same in every phase', () => {
  const patterns = encodingsOf('quiet harbour').map((bytes) => bytes.toString());
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const text = Buffer.from(`${before}quiet harbour, and more`).toString('base64');
    expect(patterns.some((pattern) => text.includes(pattern))).toBe(true);
  }
});

test('a value that was read with every fifth letter wrong is found, and another is not', () => {
  const text = plainLetters('Notes: brapr4 ch0dvvifle and nothing else');
  expect(standsIn(plainLetters('brapra chodwifle'), text)).toBe(true);
  expect(standsIn(plainLetters('gruhax jorklylum'), text)).toBe(false);
});

test('nearly every value is found in pictures, and what shows in a place is named', async () => {
  const pictures: string[] = [];
  const perPicture = 16;
  for (let from = 0; from < values.length; from += perPicture) {
    const lines = values.slice(from, from + perPicture);
    const file = join(folder, `picture-${from}.${from === 0 ? 'webp' : 'png'}`);
    draw(file, lines);
    pictures.push(file);
  }
  const areas = [
    { name: 'the line', x: 20, y: 20, width: 300, height: 20 },
    { name: 'the margin', x: 900, y: 700, width: 100, height: 50 },
  ];
  const { found, seen, pictures: count } = await scanPictures(pictures, values, areas);
  expect(count).toBe(pictures.length);
  expect([...seen.keys()]).toEqual(['the line']);
  expect(found.size).toBeGreaterThanOrEqual(Math.floor(values.length * 0.9));
}, 120_000);

/** White with one line of text after the other, at the size of a form's fields. */
function draw(file: string, lines: readonly string[]): void {
  const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
  const quoted = (text: string) => text.replaceAll(/[\\':%,;[\]]/g, (sign) => `\\\\\\${sign}`);
  const texts = lines.map(
    (line, at) =>
      `drawtext=fontfile=${font}:fontsize=15:x=24:y=${24 + 40 * at}:text=${quoted(line)}`,
  );
  const args = ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'color=white:s=1280x800:d=1'];
  const made = spawnSync('ffmpeg', [...args, '-vf', texts.join(','), '-frames:v', '1', file]);
  expect(made.status, made.stderr.toString()).toBe(0);
}
