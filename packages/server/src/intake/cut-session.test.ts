import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSession, groupSegmentsMax, type Place } from './cut-session.ts';

const segment = (sequence: number, closes = false, consentEpoch = 1): Place => ({
  kind: 'segment',
  sequence,
  id: `s${sequence}`,
  closes,
  consentEpoch,
});
const never = (sequence: number): Place => ({ kind: 'never', sequence });
const idsOf = (places: readonly Place[], ended = false) =>
  cutSession(0, ended, places).groups.map(({ segments }) => segments);

test('nothing is cut before a closing segment, or while one is missing', () => {
  expect(idsOf([segment(0), segment(1)])).toEqual([]);
  expect(idsOf([segment(0), segment(2, true)])).toEqual([]);
  expect(idsOf([segment(1, true)])).toEqual([]);
});

test('segments up to the closing one go together, and the next start afresh', () => {
  expect(idsOf([segment(0), segment(1, true), segment(2, true), segment(3)])).toEqual([
    ['s0', 's1'],
    ['s2'],
  ]);
});

test('what will never come is not waited for', () => {
  expect(idsOf([never(0), segment(1), never(2), segment(3, true)])).toEqual([['s1', 's3']]);
});

test('an ended session is cut after its last segment, unless one is missing', () => {
  expect(idsOf([segment(0), segment(1)], true)).toEqual([['s0', 's1']]);
  expect(idsOf([segment(0), segment(2)], true)).toEqual([]);
});

test('segments of two consent epochs never go together', () => {
  expect(idsOf([segment(0, false, 1), segment(1, true, 2)])).toEqual([['s0'], ['s1']]);
});

test('every segment goes into exactly one group, in order, however places come in', () => {
  const places = fc.array(
    fc.record({ gone: fc.boolean(), closes: fc.boolean(), epoch: fc.integer({ min: 1, max: 2 }) }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(places, fc.nat(200), (all, seen) => {
      const known = all.map(({ gone, closes, epoch }, at) =>
        gone ? never(at) : segment(at, closes, epoch),
      );
      const first = cutSession(0, false, known.slice(0, seen));
      const rest = known.slice(first.nextSequence);
      const second = cutSession(first.nextSequence, true, rest);
      const groups = [...first.groups, ...second.groups];
      const there = known.flatMap((place) => (place.kind === 'segment' ? [place.id] : []));
      expect(groups.flatMap(({ segments }) => segments)).toEqual(there);
      for (const { segments } of groups) {
        expect(segments.length).toBeGreaterThan(0);
        expect(segments.length).toBeLessThanOrEqual(groupSegmentsMax);
      }
    }),
  );
});
