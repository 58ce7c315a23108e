import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64url, utf8 } from '../bytes/index.ts';
import {
  decodeEntry,
  encodeEntry,
  entryBytesMax,
  entryKinds,
  entryTagsMax,
  type LedgerEntry,
} from './entry.ts';
import { commitment, oneTimeTag } from './tag.ts';

const base64url = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64url);

const anyEntry = fc.record(
  {
    v: fc.constant(1 as const),
    kind: fc.constantFrom(...entryKinds),
    at: fc
      .integer({ min: 0, max: 4_000_000_000 })
      .map((atS) => new Date(atS * 1000).toISOString().replace('.000', '')),
    commitment: base64url(32),
    tags: fc.array(base64url(16), { minLength: 1, maxLength: entryTagsMax }),
    count: fc.nat({ max: 1_000_000_000 }),
    digest: fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex')),
  },
  { requiredKeys: ['v', 'kind', 'at'], noNullPrototype: true },
);

test('every entry is read back from its bytes and stays within its limit', () => {
  fc.assert(
    fc.property(anyEntry, (entry) => {
      const bytes = encodeEntry(entry);
      expect(decodeEntry(bytes)).toEqual(entry);
      expect(bytes.length).toBeLessThanOrEqual(entryBytesMax);
    }),
  );
});

const good: LedgerEntry = { v: 1, kind: 'segments.accepted', at: '2026-11-23T10:00:00Z', count: 3 };

test('an entry has no place for a name, a text or a finer time', () => {
  const tag = toBase64url(new Uint8Array(16));
  const bad: Record<string, unknown>[] = [
    { ...good, name: 'Erika' },
    { ...good, at: '2026-11-23T10:00:00.123Z' },
    { ...good, at: '2026-11-23T10:00:00+01:00' },
    { ...good, at: '2026-13-23T10:00:00Z' },
    { ...good, kind: 'something.else' },
    { ...good, v: 2 },
    { ...good, commitment: 'Erika' },
    { ...good, tags: [] },
    { ...good, tags: ['Erika'] },
    { ...good, tags: [tag.replace(/.$/, 'B')] },
    { ...good, tags: Array.from({ length: entryTagsMax + 1 }, () => tag) },
    { ...good, count: -1 },
    { ...good, count: 0.5 },
    { ...good, digest: 'AB'.repeat(32) },
  ];
  for (const value of bad) {
    const bytes = utf8(JSON.stringify(Object.fromEntries(Object.entries(value).toSorted())));
    expect(() => decodeEntry(bytes), JSON.stringify(value)).toThrow(/no ledger entry/);
  }
});

test('bytes that are not canonical, not JSON or too long are refused', () => {
  expect(() => decodeEntry(utf8(` ${JSON.stringify(good)}`))).toThrow(/canonical/);
  expect(() => decodeEntry(utf8('{'))).toThrow(/JSON/);
  expect(() => decodeEntry(new Uint8Array(entryBytesMax + 1))).toThrow(/at most 4096/);
});

test('commitments and tags are plain SHA-256 and HMAC, so anyone can recompute them', () => {
  const key = new Uint8Array(32).fill(7);
  const payload = utf8('payload');
  expect(commitment(key, payload)).toBe(
    createHash('sha256').update(key).update(payload).digest('base64url'),
  );
  expect(oneTimeTag(key, 'segments.accepted 17')).toBe(
    createHmac('sha256', key)
      .update('handrail/tag/v1\nsegments.accepted 17')
      .digest()
      .subarray(0, 16)
      .toString('base64url'),
  );
  expect(() => commitment(new Uint8Array(8), payload)).toThrow(/salt/);
  expect(() => oneTimeTag(new Uint8Array(8), 'a')).toThrow(/tag key/);
  expect(() => oneTimeTag(key, '')).toThrow(/label/);
});
