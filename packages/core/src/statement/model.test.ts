import { expect, test } from 'vitest';
import { utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { isOpen, modelDecisionSchema } from './model.ts';

const at = '2026-11-23T10:00:00Z';
const nowMs = Date.parse(at);

test('a model of a superseded release is open until decided, and again after its time', () => {
  expect(isOpen(false, undefined, nowMs)).toBe(false);
  expect(isOpen(true, undefined, nowMs)).toBe(true);
  expect(isOpen(true, {}, nowMs)).toBe(false);
  expect(isOpen(true, { until: '2026-11-24T10:00:00Z' }, nowMs)).toBe(false);
  expect(isOpen(true, { until: at }, nowMs)).toBe(true);
});

test('only who keeps a model says until when', () => {
  const common = { v: 1, kind: 'model-decision', programme: idOf('prog', utf8('p')), at };
  const decided = { ...common, model: 'ab'.repeat(32), reason: 'because' };
  const takes = (more: object) => modelDecisionSchema.safeParse({ ...decided, ...more }).success;
  expect(takes({ decision: 'retired' })).toBe(true);
  expect(takes({ decision: 'keep-until', until: at })).toBe(true);
  expect(takes({ decision: 'keep-until' })).toBe(false);
  expect(takes({ decision: 'retrain', until: at })).toBe(false);
});
