import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plant } from '../plant.ts';
import { FuzzySearch, plainLetters } from './fuzzy.ts';
import { scanPictures } from './scan-pictures.ts';

const values = plant(150)
  .map(({ secret }) => secret)
  .filter((secret) => /^[\x20-\x7e]{1,80}$/.test(secret));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-pictures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const isRead = (value: string, text: string) =>
  new FuzzySearch([value]).in(plainLetters(text)).size === 1;

test('a value that was read with every fifth letter wrong is found, and another is not', () => {
  const text = 'Notes: brapr4 ch0dvvifle and nothing else';
  expect(isRead('brapra chodwifle', text)).toBe(true);
  expect(isRead('gruhax jorklylum', text)).toBe(false);
});

test('a long enough part of a value is found, wherever it is cut, and a shorter one is not', () => {
  const value = 'k7Yp2mQx94LwZr8TnB3vHc6dJf5sGa1e';
  expect(isRead(value, `left ${value.slice(0, 20)}`)).toBe(true);
  expect(isRead(value, `${value.slice(12)} right`)).toBe(true);
  expect(isRead(value, `middle ${value.slice(5, 26)} of it`)).toBe(true);
  expect(isRead(value, `${value.slice(0, 14)} and no more`)).toBe(false);
});

test('no value is read in the text of another', () => {
  for (const [at, value] of values.entries()) {
    const others = values.filter((_, other) => other !== at);
    expect([...new FuzzySearch(others).in(plainLetters(value))]).toEqual([]);
  }
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
  expect(found.size).toBeGreaterThanOrEqual(Math.floor(values.length * 0.95));
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
