import { expect, test } from 'vitest';
import type { Planted } from '../plant.ts';
import { gatesOf } from './gates.ts';
import { leakRate, rateLines } from './leak-rate.ts';
import { wilson } from './wilson.ts';

// Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('Wilson’s interval of %i in %i is the published one', (some, all, low, high) => {
  const interval = wilson(some, all);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test('Wilson’s interval stays within 0 and 1 and holds the share', () => {
  expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  expect(wilson(300, 300)).toMatchObject({ high: 1 });
  expect(wilson(0, 300).high).toBeCloseTo(0.0126, 4);
});

const value = (inlet: Planted['inlet'], name: string, gated: boolean): Planted => ({
  ...{ inlet, class: name, gated, value: 'v', secret: 'v' },
});
const planted = [
  value('typed', 'card', true),
  value('image', 'card', true),
  value('typed', 'name', false),
  value('title', 'name', false),
];

test('the rate is counted by class, by way in, and by both', () => {
  const { all, classes, inlets, cells } = leakRate(planted, new Set([1, 2]));
  expect(all).toMatchObject({ planted: 4, recovered: 2 });
  expect(classes.map(({ name, recovered }) => [name, recovered])).toEqual([
    ['card', 1],
    ['name', 1],
  ]);
  expect(inlets.map((each) => each.name)).toEqual(['typed', 'image', 'title']);
  expect(cells).toContainEqual({ class: 'card', inlet: 'image', planted: 1, recovered: 1 });
  expect(rateLines(classes)[0]).toContain('1 of 2   50.0 %');
});

test('a gate falls with one value, and only with one of its own', () => {
  const gate = (found: readonly number[], mode: 'full' | 'skeleton' = 'full') =>
    gatesOf(planted, new Map(found.map((at) => [at, 'a file'])), mode).map(
      ({ ok, planted: of }) => [ok, of],
    );
  expect(gate([])).toEqual([
    [true, 1],
    [true, 1],
  ]);
  expect(gate([1, 2])).toEqual(gate([]));
  expect(gate([0])).toEqual([
    [false, 1],
    [true, 1],
  ]);
  expect(gate([3])).toEqual([
    [true, 1],
    [false, 1],
  ]);
  expect(gate([2], 'skeleton')).toEqual([
    [true, 1],
    [true, 1],
    [false, 4],
  ]);
});
