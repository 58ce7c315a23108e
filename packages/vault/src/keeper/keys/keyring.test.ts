import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeDayKeys, encodeDayKeys, type PrivateDayKey, utcDay } from './key-leaf.ts';
import { type Going, type Keyring, openKeyring } from './keyring.ts';

let folder: string;
let ring: Keyring;
let puts: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyring-'));
  puts = 0;
  const nodes = new Map<string, Uint8Array>();
  ring = await openKeyring(folder, {
    get: async (names) => new Map([...nodes].filter(([name]) => names.includes(name))),
    put: async (more) => {
      puts += 1;
      for (const [name, bytes] of more) nodes.set(name, bytes);
    },
    drop: async (names) => {
      for (const name of names) nodes.delete(name);
    },
  });
});
afterEach(() => rm(folder, { recursive: true }));

const startMs = Date.parse('2026-11-23');
const month = (fill: number): PrivateDayKey[] =>
  (['raw', 'trajectory'] as const).flatMap((tier) =>
    Array.from({ length: 30 }, (_, at) => ({
      tier,
      day: utcDay(startMs + at * 86_400_000),
      privateKey: new Uint8Array(32).fill(fill + at),
    })),
  );
const mine = { pseudonym: 'part_a', consentEpoch: 1 };
const theirs = { pseudonym: 'part_b', consentEpoch: 1 };
const first = { tier: 'raw', day: '2026-11-23' } as const;

test('day keys come back from their bytes', () => {
  const key = fc.record({
    tier: fc.constantFrom('raw' as const, 'trajectory' as const),
    day: fc.integer({ min: 0, max: 60_000 }).map((day) => utcDay(day * 86_400_000)),
    privateKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });
  const distinct = fc.uniqueArray(key, { selector: ({ tier, day }) => `${tier}${day}` });
  fc.assert(
    fc.property(distinct, fc.nat(), (keys, shredded) => {
      const again = decodeDayKeys(encodeDayKeys({ keys, shredded }));
      expect(again.shredded).toBe(shredded);
      expect(again.keys).toHaveLength(keys.length);
      expect(again.keys).toEqual(expect.arrayContaining(keys));
    }),
  );
  expect(() => decodeDayKeys(new Uint8Array(38))).toThrow();
});

test('thirty days of both tiers are added in one rewrite', async () => {
  await ring.addDayKeys(mine, month(1));
  expect(puts).toBe(1);
  expect(await ring.dayKeyNames(mine)).toHaveLength(60);
});

test('a key that exists is never replaced', async () => {
  await ring.addDayKeys(mine, month(1));
  await ring.addDayKeys(mine, month(100));
  expect(await ring.dayKey(mine, first)).toEqual(new Uint8Array(32).fill(1));
});

test('shredding old days takes each tier up to its own day and nothing else', async () => {
  await ring.addDayKeys(mine, month(1));
  const kept = { raw: '2026-11-25', trajectory: '2026-11-24' };
  const going: Going = (_owner, { tier, day }) => day < kept[tier];
  expect(await ring.count([mine, theirs], going)).toBe(3);
  expect(await ring.shred([mine, theirs], going)).toBe(3);
  expect(await ring.dayKey(mine, first)).toBeUndefined();
  expect(await ring.dayKey(mine, { ...first, tier: 'trajectory' })).toBeUndefined();
  expect(await ring.dayKey(mine, { tier: 'trajectory', day: '2026-11-24' })).toBeDefined();
  expect(await ring.dayKeyNames(mine)).toHaveLength(57);
  const before = puts;
  expect(await ring.shred([mine, theirs], going)).toBe(0);
  expect(puts).toBe(before);
  expect(await ring.shredded(mine)).toBe(3);
  await ring.addDayKeys(mine, month(1));
  await ring.shred([mine], () => true);
  expect(await ring.shredded(mine)).toBe(63);
});

test('shredding a participant takes the named epochs and leaves everyone else', async () => {
  const later = { ...mine, consentEpoch: 2 };
  for (const owner of [mine, later, theirs]) await ring.addDayKeys(owner, month(1));
  await ring.shred([mine], () => true);
  expect(await ring.dayKey(mine, first)).toBeUndefined();
  expect(await ring.dayKey(later, first)).toBeDefined();
  expect(await ring.dayKey(theirs, first)).toBeDefined();
});

test('a release is kept apart with whose data went in, and can be shredded', async () => {
  const record = {
    privateKey: new Uint8Array(32).fill(5),
    recipeDigest: 'ab'.repeat(32),
    grant: idOf('grant', utf8('a grant')),
    purpose: 'train-agents' as const,
    participants: [mine, theirs],
  };
  await ring.putRelease('rel_a', record);
  expect(await ring.release('rel_a')).toEqual(record);
  await ring.shredRelease('rel_a');
  expect(await ring.release('rel_a')).toBeUndefined();
});
