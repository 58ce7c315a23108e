import { expect, test } from 'vitest';
import { shownOf } from './sealer.ts';

test('of what was filled only what lies in the frame is told', () => {
  const size = { width: 800, height: 600 };
  const at = (x: number, y: number) => ({ box: { x, y, width: 100, height: 20 }, reason: 'email' });
  const told = shownOf([at(10, 10), at(10, 900), at(10, -20), at(750, 590), at(-900, 5)], size);
  expect(told).toEqual([
    at(10, 10),
    { box: { x: 750, y: 590, width: 50, height: 10 }, reason: 'email' },
  ]);
});
