import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BudgetStanding,
  defaultBudgets,
  easeMs,
  nextStanding,
  type Power,
  standingWith,
  steps,
  type Use,
  uploadsWait,
} from './budget.ts';

const idle: Use = { bytesToday: 0, cpuPercent: 0, power: { kind: 'mains' }, link: 'unmetered' };
const { bytesPerDayMax, cpuPercentMax, batteryPercentMin } = defaultBudgets;
const at = (use: Partial<Use>) => standingWith(defaultBudgets, { ...idle, ...use });
const charged = (percent: number): Power => ({ kind: 'battery', percent });

test('as the bytes of a day are used up there are fewer frames, then none, then nothing', () => {
  const said = [0.69, 0.7, 0.85, 0.99, 1, 5].map((part) =>
    at({ bytesToday: bytesPerDayMax * part }),
  );
  expect(said.map(({ step }) => step)).toEqual([
    'all',
    'fewer-frames',
    'no-frames',
    'no-frames',
    'stopped',
    'stopped',
  ]);
  expect(said.map(({ because }) => because).slice(0, 2)).toEqual([undefined, 'bytes']);
});

test('a processor that is used more than agreed is spared, and a low battery as well', () => {
  expect(at({ cpuPercent: cpuPercentMax - 1 }).step).toBe('all');
  expect(at({ cpuPercent: cpuPercentMax })).toEqual({ step: 'fewer-frames', because: 'cpu' });
  expect(at({ cpuPercent: cpuPercentMax * 2 })).toEqual({ step: 'stopped', because: 'cpu' });
  expect(at({ power: charged(batteryPercentMin + 21) }).step).toBe('all');
  expect(at({ power: charged(batteryPercentMin + 20) }).step).toBe('fewer-frames');
  expect(at({ power: charged(batteryPercentMin + 10) }).step).toBe('no-frames');
  expect(at({ power: charged(batteryPercentMin) })).toEqual({
    step: 'stopped',
    because: 'battery',
  });
});

test('a budget of nothing captures nothing from the first byte', () => {
  const none = { ...defaultBudgets, bytesPerDayMax: 0 };
  expect(standingWith(none, { ...idle, bytesToday: 1 }).step).toBe('stopped');
});

test('what is asked for is stricter at once, and easier one step a minute', () => {
  const anyStanding = fc.record({
    step: fc.constantFrom(...steps),
    because: fc.constantFrom('bytes' as const, 'cpu' as const),
  });
  const rank = ({ step }: BudgetStanding) => steps.indexOf(step);
  fc.assert(
    fc.property(anyStanding, anyStanding, fc.nat(easeMs * 2), (held, asked, heldMs) => {
      const next = nextStanding(held, asked, 0, heldMs);
      if (rank(asked) >= rank(held)) expect(next).toEqual(asked);
      else expect(rank(held) - rank(next)).toBe(heldMs < easeMs ? 0 : 1);
    }),
  );
});

test('recordings wait on a line that is paid by volume, and on battery where so set', () => {
  expect(uploadsWait(defaultBudgets, idle)).toBeUndefined();
  expect(uploadsWait(defaultBudgets, { ...idle, link: 'metered' })).toBe('metered');
  expect(uploadsWait(defaultBudgets, { ...idle, link: 'unknown' })).toBeUndefined();
  const battery = { ...idle, power: charged(90) };
  expect(uploadsWait(defaultBudgets, battery)).toBeUndefined();
  expect(uploadsWait({ ...defaultBudgets, uploadsOnBattery: false }, battery)).toBe('battery');
});
