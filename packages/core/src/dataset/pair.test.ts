import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ActionStart, type FrameTime, pairFrames } from './pair.ts';

const frame: fc.Arbitrary<FrameTime> = fc.record({
  atMs: fc.integer({ min: -50, max: 300 }),
  displayEpoch: fc.integer({ min: 1, max: 3 }),
  damagePending: fc.boolean(),
});
const start: fc.Arbitrary<ActionStart> = fc.record({
  startedAtMs: fc.nat(300),
  displayEpoch: fc.option(fc.integer({ min: 1, max: 3 })),
});

test('every action has the newest earlier frame of its display, and never a later one', () => {
  fc.assert(
    fc.property(fc.array(start), fc.array(frame), (actions, frames) => {
      const pairs = pairFrames(actions, frames);
      expect(pairs).toHaveLength(actions.length);
      for (const [at, { startedAtMs, displayEpoch }] of actions.entries()) {
        const earlier = frames.filter((each) => {
          return each.displayEpoch === displayEpoch && each.atMs < startedAtMs;
        });
        const newest = Math.max(...earlier.map((each) => each.atMs));
        const pair = pairs[at];
        if (earlier.length === 0) expect(pair).toBeUndefined();
        else expect(pair).toMatchObject({ frame: { atMs: newest }, ageMs: startedAtMs - newest });
      }
    }),
  );
});

test('of two frames complete in the same millisecond the settled one is taken', () => {
  const settled = { atMs: 5, displayEpoch: 1, damagePending: false };
  const changing = { ...settled, damagePending: true };
  for (const frames of [
    [settled, changing],
    [changing, settled],
  ]) {
    const [pair] = pairFrames([{ startedAtMs: 9, displayEpoch: 1 }], frames);
    expect(pair?.frame).toBe(settled);
  }
});

test('a frame complete in the millisecond of the press may show its result: not taken', () => {
  const frames = [{ atMs: 9, displayEpoch: 1, damagePending: false }];
  expect(pairFrames([{ startedAtMs: 9, displayEpoch: 1 }], frames)).toEqual([undefined]);
});
