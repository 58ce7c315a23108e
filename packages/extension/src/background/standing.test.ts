import { expect, test } from 'vitest';
import { type Facts, standingOf } from './standing.ts';

const lease = { programmeEpoch: 1, consentEpoch: 1, manifest: '', expiresAt: '' };
const facts: Facts = {
  joined: true,
  left: false,
  pausedUntilMs: undefined,
  hasManifest: true,
  hasKeys: true,
  lease: { kind: 'live', lease },
  trouble: undefined,
  isShown: true,
};

test('it records only while nothing at all stands against it', () => {
  expect(standingOf(facts)).toMatchObject({ state: 'recording', gap: undefined });
  const against: readonly Partial<Facts>[] = [
    { joined: false },
    { left: true },
    { pausedUntilMs: null },
    { pausedUntilMs: 1 },
    { hasManifest: false },
    { hasKeys: false },
    { lease: { kind: 'none', because: 'lease.stale' } },
    { trouble: 'segments cannot be sealed' },
    { isShown: false },
  ];
  for (const one of against) expect(standingOf({ ...facts, ...one }).gap).toBeDefined();
});

test('who has left or paused is told so, whatever else holds', () => {
  const lost = { ...facts, hasKeys: false, lease: { kind: 'none', because: 'timeout' } } as const;
  expect(standingOf({ ...lost, pausedUntilMs: null }).state).toBe('paused');
  expect(standingOf({ ...lost, pausedUntilMs: null, left: true }).reason).toBe('you have left');
});
