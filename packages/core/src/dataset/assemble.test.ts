import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import { idOf, isId } from '../ids/index.ts';
import { assemble } from './assemble.ts';
import { decodeTrajectory, encodeTrajectory } from './codec.ts';
import {
  click,
  display,
  editor,
  form,
  frameAt,
  run,
  sampleStartMs,
  segmentOf,
  task,
  window,
} from './sample-segment.ts';

const from = { pseudonym: idOf('part', utf8('someone')), display: 'virtual' } as const;

test('a task becomes one trajectory with its words, over the segments it spans', () => {
  const first = segmentOf(
    0,
    [
      display(0),
      window(0, 0),
      ...click(500, 10, 10),
      task(1000, 'start', 'file the report'),
      ...click(2000, 30, 40),
    ],
    [frameAt(300), frameAt(1700)],
  );
  const second = segmentOf(1, [run(100, 'hello'), task(900, 'end'), ...click(2000, 50, 60)]);
  const trajectories = assemble([second, first], from);
  expect(trajectories.map(({ instruction }) => instruction)).toEqual(['', 'file the report', '']);
  const [before, told, after] = trajectories;
  expect(before?.actions).toHaveLength(1);
  expect(after?.actions).toHaveLength(1);
  expect(isId('traj', told?.id)).toBe(true);
  expect(told).toMatchObject({
    startedAtMs: sampleStartMs + 1000,
    contexts: [form],
    displays: [{ epoch: 1, width: 1280, height: 800, scale: 1 }],
    actions: [
      { kind: 'click', x: 30, y: 40, startedAt: 1, frame: frameAt(1700).id, frameAgeMs: 300 },
      { kind: 'type', text: 'hello', startedAt: 59.1, frame: frameAt(1700).id, context: 0 },
    ],
    segments: [
      { id: first.id, firstEvent: 0, events: 9 },
      { id: second.id, firstEvent: 9, events: 5 },
    ],
  });
  expect(told?.actions[0]?.events).toEqual([6, 8]);
  expect(told?.actions[1]?.events).toEqual([9, 9]);
});

test('outside tasks five quiet minutes part two trajectories, inside a task they do not', () => {
  const quiet = [...click(1000, 1, 1), ...click(302_000, 2, 2)];
  expect(assemble([segmentOf(0, quiet)], from)).toHaveLength(2);
  const told = [task(0, 'start', 'wait'), ...quiet];
  expect(assemble([segmentOf(0, told)], from)).toHaveLength(1);
});

test('short gaps stay listed, long ones end the stretch, missing segments are named', () => {
  const gap = (atMs: number, endedAtMs: number): CapturedEvent => {
    return { kind: 'gap', atMs, endedAtMs, reason: 'paused' };
  };
  const short = [...click(500, 1, 1), gap(1000, 5000), ...click(6000, 2, 2)];
  expect(assemble([segmentOf(0, short)], from)[0]?.gaps).toEqual([
    { reason: 'paused', from: 0.52, to: 4.52 },
  ]);
  const long = [...click(500, 1, 1), gap(1000, 400_000), ...click(401_000, 2, 2)];
  expect(assemble([segmentOf(0, long)], from)).toHaveLength(2);
  const [, holed] = [0, 2].map((sequence) => segmentOf(sequence, click(500, 1, 1)));
  const [trajectory] = assemble([segmentOf(0, click(500, 1, 1)), holed ?? segmentOf(9, [])], from);
  expect(trajectory?.gaps).toEqual([{ reason: 'missing', from: 0.08, to: 120 }]);
});

test('a press whose release lies in a missing segment does not run on', () => {
  const [move, press, release] = click(500, 1, 1);
  if (move === undefined || press === undefined || release === undefined) throw new Error('none');
  const apart = assemble([segmentOf(0, [move, press]), segmentOf(2, [release])], from);
  expect(apart[0]?.actions.map(({ kind }) => kind)).toEqual(['click']);
});

test('an action belongs to the window that was active when it began', () => {
  const events = [window(0, 0), ...click(500, 1, 1), window(530, 1), ...click(900, 50, 50)];
  const [trajectory] = assemble([segmentOf(0, [display(0), ...events])], from);
  expect(trajectory?.contexts).toEqual([form, editor]);
  expect(trajectory?.actions.map(({ context }) => context)).toEqual([0, 1]);
  const [unknown] = assemble([segmentOf(0, click(500, 1, 1))], from);
  expect(unknown?.actions[0]).toMatchObject({ context: null, displayEpoch: null, frame: null });
});

test('a clock set back between segments does not mix their events', () => {
  const first = segmentOf(0, [...click(1000, 1, 1), run(2000, 'one')]);
  const second = segmentOf(1, [run(0, 'two')], [], sampleStartMs - 3_600_000);
  const [trajectory] = assemble([first, second], from);
  expect(trajectory?.actions.map(({ text }) => text)).toEqual([undefined, 'one', 'two']);
});

const events: fc.Arbitrary<CapturedEvent[]> = fc
  .array(
    fc.tuple(
      fc.nat(400_000),
      fc.oneof(
        fc.tuple(fc.nat(1279), fc.nat(799)).map(
          ([x, y]) =>
            (at: number) =>
              click(at, x, y),
        ),
        fc.string({ maxLength: 9, minLength: 1 }).map((text) => (at: number) => [run(at, text)]),
        fc.option(fc.nat(1)).map((context) => (at: number) => [window(at, context)]),
        fc.constantFrom('start' as const, 'end' as const).map((edge) => (at: number) => {
          return [task(at, edge, 'do it')];
        }),
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => [display(0), ...parts.flatMap(([at, make]) => make(at))]);

test('whatever happened, actions keep their places and frames, and bytes come back', () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 3 }), fc.array(fc.nat(400_000)), (all, at) => {
      const frames = at.map((atMs) => {
        const box = { x: 0, y: 0, width: 9, height: 9 };
        return frameAt(atMs, { areas: [{ context: atMs % 2, box }] });
      });
      const segments = all.map((each, sequence) => segmentOf(sequence, each, frames));
      const trajectories = assemble(segments, from);
      expect(assemble([...segments].reverse(), from)).toEqual(trajectories);
      expect(new Set(trajectories.map(({ id }) => id)).size).toBe(trajectories.length);
      const claimed = new Set<string>();
      for (const trajectory of trajectories) {
        expect(decodeTrajectory(encodeTrajectory(trajectory))).toEqual(trajectory);
        for (const action of trajectory.actions) {
          const [first, last] = action.events;
          const inSegments = (number: number) =>
            trajectory.segments.some(({ firstEvent, events: count }) => {
              return number >= firstEvent && number < firstEvent + count;
            });
          expect(inSegments(first) && inSegments(last)).toBe(true);
          if (action.kind === 'type') claimed.add(`${first}`);
          const paired = trajectory.frames.some(({ id }) => id === action.frame);
          expect(paired).toBe(action.frame !== null);
          if (action.frame !== null) expect(action.frameAgeMs).toBeGreaterThan(0);
        }
      }
      const runs = all.flat().filter(({ kind }) => kind === 'run').length;
      expect(claimed.size).toBe(runs);
    }),
  );
});
