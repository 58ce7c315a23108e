import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeServerClock } from './server-clock.ts';

const wrap = 0x1_0000_0000;

test('server times map to the agent’s clock by a constant, also over the wrap', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 0x7fff_fff0 }), { maxLength: 20 });
  const start = fc.integer({ min: 0, max: wrap - 1 });
  fc.assert(
    fc.property(start, steps, (serverTime, gaps) => {
      const clock = makeServerClock(serverTime, 5_000);
      let elapsed = 0;
      for (const gap of gaps) {
        elapsed += gap;
        expect(clock.toMs((serverTime + elapsed) % wrap)).toBe(5_000 + elapsed);
      }
    }),
  );
});

test('an event that comes late keeps its earlier time', () => {
  const clock = makeServerClock(10, 1_000);
  expect(clock.toMs(30)).toBe(1_020);
  expect(clock.toMs(20)).toBe(1_010);
  expect(clock.toMs(wrap - 5)).toBe(985);
});
