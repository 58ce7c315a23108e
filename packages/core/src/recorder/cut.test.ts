import { expect, test } from 'vitest';
import { cutOf, openSegmentsMax } from './cut.ts';
import { Draft } from './draft.ts';
import { Hold, heldMax, holdMs } from './hold.ts';
import { Timeline } from './timeline.ts';

const calm = { isHeld: false, inTask: false, openSegments: 0 };

function draftUntil(lastMs: number): Draft {
  const draft = new Draft(0);
  draft.sinceStart(lastMs);
  return draft;
}

test('a segment closes after a quiet while, never in the middle of something', () => {
  const draft = draftUntil(25_000);
  expect(cutOf(draft, { ...calm, nowMs: 26_000 })).toBe('none');
  expect(cutOf(draft, { ...calm, nowMs: 27_000 })).toBe('closing');
  expect(cutOf(draft, { ...calm, nowMs: 27_000, isHeld: true })).toBe('none');
  expect(cutOf(draft, { ...calm, nowMs: 27_000, inTask: true })).toBe('none');
});

test('a full segment ends anywhere, open where something is held', () => {
  expect(cutOf(draftUntil(60_000), { ...calm, nowMs: 60_000 })).toBe('open');
  expect(cutOf(draftUntil(10_000), { ...calm, nowMs: 60_000, inTask: true })).toBe('open');
});

test('no more segments stay open than the vault refines together', () => {
  const scene = { ...calm, nowMs: 60_000, inTask: true, openSegments: openSegmentsMax - 1 };
  expect(cutOf(draftUntil(60_000), scene)).toBe('closing');
});

test('observations leave the hold in order, once they have waited', () => {
  const hold = new Hold();
  for (const atMs of [10, 30, 20]) hold.add({ kind: 'damage', atMs });
  expect(hold.take(19 + holdMs).map((each) => each.atMs)).toEqual([10]);
  expect(hold.take(30 + holdMs).map((each) => each.atMs)).toEqual([20, 30]);
});

test('a full hold refuses', () => {
  const hold = new Hold();
  for (let at = 0; at < heldMax; at++) hold.add({ kind: 'damage', atMs: at });
  expect(hold.add({ kind: 'damage', atMs: heldMax })).toBe(false);
});

test('a timeline gives what was in effect and what came into effect', () => {
  const timeline = new Timeline<string>();
  expect(timeline.during(0, 10)).toEqual([]);
  timeline.set(5, 'a');
  timeline.set(15, 'b');
  expect(timeline.during(6, 10)).toEqual(['a']);
  expect(timeline.during(6, 20)).toEqual(['a', 'b']);
  expect(timeline.during(0, 4)).toEqual([]);
});
