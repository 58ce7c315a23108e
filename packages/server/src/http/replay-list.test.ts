import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';
import { ReplayList } from './replay-list.ts';

const request = (nonce: string, createdSeconds: number) => ({ key: 'k', nonce, createdSeconds });

test('a nonce counts once while its signature could be taken, whatever the order', () => {
  const list = new ReplayList(0);
  expect(list.firstTime(request('a', 100), 100)).toBe(true);
  expect(list.firstTime(request('b', 130), 100)).toBe(true);
  for (const nowSeconds of [100, 130, 160]) {
    expect(list.firstTime(request('a', 100), nowSeconds)).toBe(false);
  }
  expect(list.firstTime(request('b', 130), 190)).toBe(false);
});

test('nothing signed before the list began is taken', () => {
  expect(new ReplayList(100).firstTime(request('a', 99), 100)).toBe(false);
});

test('a caller who asks too often waits for the next window, and others do not', () => {
  const limit = new RateLimit(1);
  const allowed = Array.from({ length: 12 }, () => limit.allows('a', 5_000));
  expect(allowed.filter(Boolean)).toHaveLength(10);
  expect(limit.allows('b', 5_000)).toBe(true);
  expect(limit.allows('a', 10_000)).toBe(true);
});
