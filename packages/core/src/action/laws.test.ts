// What holds for every log, however odd: order, totality, provenance, determinism, splitting.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionJson, type InputEvent, reduce, reduceTraced } from './index.ts';

type Shape = InputEvent extends infer T
  ? T extends unknown
    ? Omit<T, 'at' | 'index'>
    : never
  : never;

const place = { x: fc.integer({ min: 0, max: 12 }), y: fc.integer({ min: 0, max: 12 }) };
const keys = ['a', 'B', '!', 'space', 'enter', 'backspace', 'tab', 'ctrl', 'shift', 'alt', 'altgr'];
const shape: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), ...place }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('button' as const),
      button: fc.constantFrom('left' as const, 'right' as const),
      down: fc.boolean(),
      ...place,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('scroll' as const),
      dx: fc.integer({ min: -1, max: 1 }),
      dy: fc.integer({ min: -1, max: 1 }),
      ...place,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('key' as const),
      key: fc.constantFrom(...keys),
      down: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'focus' as const,
        'window' as const,
        'gap' as const,
        'display' as const,
      ),
    }),
  },
);

const pause = fc.constantFrom(0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 1, 1.9, 2, 2.5, 11);

/** Any events at all: releases without presses, presses without releases, repeats. */
const anyLog = fc.array(fc.tuple(pause, shape), { maxLength: 60 }).map((steps) => {
  let at = 100;
  return steps.map(([wait, event], index): InputEvent => {
    at = Math.round((at + wait) * 100) / 100;
    return { ...event, at, index };
  });
});

test('actions are in order, and each range starts and ends with an event of its own', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      let last = Number.NEGATIVE_INFINITY;
      for (const { action, events } of reduceTraced(log)) {
        expect(action.startedAt).toBeGreaterThanOrEqual(last);
        expect(action.endedAt).toBeGreaterThanOrEqual(action.startedAt);
        expect(action.events).toEqual([events[0]?.index, events.at(-1)?.index]);
        last = action.startedAt;
      }
    }),
    { numRuns: 1000 },
  );
});

test('every event is in exactly one action, or is one of the few that make none', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const counts = log.map(() => 0);
      for (const { events } of reduceTraced(log)) {
        for (const { index } of events) counts[index] = (counts[index] ?? 0) + 1;
      }
      for (const event of log)
        expect(allowedCounts(event), event.kind).toContain(counts[event.index]);
    }),
    { numRuns: 1000 },
  );
});

function allowedCounts(event: InputEvent): number[] {
  if (event.kind === 'move' || event.kind === 'run') return [1];
  if (event.kind === 'scroll') return [event.dx === 0 && event.dy === 0 ? 0 : 1];
  if (event.kind === 'button' || event.kind === 'key') return event.down ? [1] : [0, 1];
  return [0];
}

test('a release whose press the log has belongs to the action of its press', () => {
  const tap = fc.tuple(fc.constantFrom('a', 'b', 'enter', 'f5'), fc.nat(3));
  fc.assert(
    fc.property(fc.array(tap, { maxLength: 20 }), (taps) => {
      const log: InputEvent[] = [];
      for (const [key] of taps) {
        const at = log.length / 10;
        log.push({ kind: 'key', key, down: true, at, index: log.length });
        log.push({ kind: 'key', key, down: false, at: at + 0.1, index: log.length });
      }
      for (const { events } of reduceTraced(log)) {
        for (const { index } of events) {
          const other = index % 2 === 0 ? index + 1 : index - 1;
          expect(events.map((event) => event.index)).toContain(other);
        }
      }
    }),
  );
});

test('the same events give the same bytes', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const text = () => reduce(log.values()).map(actionJson).join('\n');
      expect(text()).toBe(text());
    }),
  );
});

test('splitting where nothing is held and nothing happened for two seconds changes nothing', () => {
  let splits = 0;
  fc.assert(
    fc.property(anyLog, (log) => {
      const whole = reduce(log).map(actionJson);
      for (const at of quietPlaces(log)) {
        splits++;
        const parts = [...reduce(log.slice(0, at)), ...reduce(log.slice(at))].map(actionJson);
        expect(parts).toEqual(whole);
      }
    }),
    { numRuns: 1000 },
  );
  expect(splits).toBeGreaterThan(100);
});

function quietPlaces(log: readonly InputEvent[]): number[] {
  const held = new Set<string>();
  const places: number[] = [];
  for (const [at, event] of log.entries()) {
    const before = log[at - 1];
    if (before !== undefined && event.at - before.at >= 2 && held.size === 0) places.push(at);
    const name = event.kind === 'key' ? event.key : event.kind === 'button' ? event.button : '';
    if (event.kind !== 'key' && event.kind !== 'button') continue;
    if (event.down) held.add(name);
    else held.delete(name);
  }
  return places;
}
