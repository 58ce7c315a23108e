import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inlets } from './inlets.ts';
import { notInOwnText } from './own-text.ts';
import { decoys, plant } from './plant.ts';
import { readPlantFile } from './plant-file.ts';
import { holdsRun } from './runs.ts';
import { classes } from './values/classes.ts';

test('every way in gets values of every class that it can carry, half of them gated', () => {
  const planted = plant(1_000);
  expect(planted.length).toBeGreaterThan(950);
  const cells = new Set(planted.map((each) => `${each.inlet} ${each.class}`));
  for (const inlet of inlets) {
    const fitting = classes.filter(({ name }) => cells.has(`${inlet} ${name}`));
    const least = inlet === 'title' ? classes.length - 4 : classes.length;
    expect(fitting.length, inlet).toBeGreaterThanOrEqual(least);
  }
});

test('of 700 values over 300 are secrets or checksummed, without those in pictures', () => {
  const gated = plant(700).filter((each) => each.gated && each.inlet !== 'image');
  expect(gated.length).toBeGreaterThanOrEqual(300);
});

test('no value holds a part of another that would count, and none comes twice', () => {
  const planted = plant(200).map(({ secret }) => secret);
  const more = decoys(60, plant(200));
  expect(more.length).toBeGreaterThan(50);
  for (const [at, value] of planted.entries()) {
    const others = planted.filter((_, other) => other !== at);
    expect(others.filter((other) => holdsRun(other, value))).toEqual([]);
  }
  const again = plant(200).map(({ secret }) => secret);
  // There are only so many places and dates: one may come again in another planting.
  expect(planted.filter((value) => again.includes(value)).length).toBeLessThan(10);
});

test('what our own sources hold a part of is not planted: compiled, they are kept', async () => {
  const secrets = ['29 March 1933', '12 March 1987', 'Zqvrtplk Wxnbmd'];
  const left = await notInOwnText(secrets.map((secret) => ({ secret })));
  expect(left).toEqual([{ secret: 'Zqvrtplk Wxnbmd' }]);
  const planted = plant(200);
  expect((await notInOwnText(planted)).length).toBeGreaterThan(190);
});

test('every kind can be made, and no two makings are alike', () => {
  for (const { name, kinds } of classes) {
    for (const [kind, make] of Object.entries(kinds)) {
      expect(JSON.stringify(make()), `${name} ${kind}`).not.toBe(JSON.stringify(make()));
    }
  }
});

test('outsiders name the inlet and may name the class; an unknown class is gated', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-plant-'));
  const file = join(folder, 'lines');
  const lines = [
    { inlet: 'allowed-field', value: 'of before' },
    { inlet: 'visible-text', value: 'Some Body', class: 'name' },
    { inlet: 'title', value: 'Some Body', class: 'name' },
    { inlet: 'image', value: 'whatever', class: 'own-kind' },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\r\n'));
  const planted = await readPlantFile(file);
  expect(planted.map(({ inlet, class: name, gated }) => [inlet, name, gated])).toEqual([
    ['typed', 'outside', true],
    ['visible-text', 'name', false],
    ['title', 'name', false],
    ['image', 'own-kind', true],
  ]);
  await writeFile(file, '{"inlet":"nowhere","value":"abcd"}');
  await expect(readPlantFile(file)).rejects.toThrow('Line 1 of the plant file');
  await rm(folder, { recursive: true });
});
