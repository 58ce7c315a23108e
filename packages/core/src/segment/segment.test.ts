import '@handrail/testbed/redaction-sources';
import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import { toBase64url } from '../bytes/index.ts';
import type { CapturedEvent } from '../events/index.ts';
import { idOf } from '../ids/index.ts';
import { openBulk, unwrapContentKey } from '../open/index.ts';
import { apply, findAll } from '../redact/index.ts';
import {
  newSealKeyPair,
  newSigningSeed,
  type SealKeyPair,
  type Signer,
  signerFromSeed,
} from '../seal/index.ts';
import {
  decodeContent,
  encodeContent,
  parseSealed,
  type SegmentContent,
  type SegmentHeader,
  sealSegment,
  textSurfaces,
  unpad,
  verifySealed,
  withTexts,
} from './index.ts';
import { pad, paddedLength } from './padding.ts';

let device: Signer;
let keys: SealKeyPair;
const bytes = (label: number) => new Uint8Array([label]);

beforeAll(async () => {
  device = await signerFromSeed(newSigningSeed());
  keys = await newSealKeyPair();
});

function header(change: Partial<SegmentHeader> = {}): SegmentHeader {
  return {
    v: 1,
    programme: idOf('prog', bytes(1)),
    pseudonym: idOf('part', bytes(2)),
    device: idOf('dev', bytes(3)),
    session: idOf('ses', bytes(4)),
    sequence: 0,
    closes: true,
    consentEpoch: 1,
    programmeEpoch: 1,
    manifest: 'a'.repeat(64),
    display: 'virtual',
    sealedTo: toBase64url(keys.publicKey),
    day: '2026-11-23',
    ...change,
  };
}

const event: fc.Arbitrary<CapturedEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('move' as const),
    atMs: fc.nat(60_000),
    x: fc.nat(4000),
    y: fc.nat(4000),
  }),
  fc.record({
    kind: fc.constant('button' as const),
    atMs: fc.nat(60_000),
    x: fc.nat(4000),
    y: fc.nat(4000),
    button: fc.constantFrom('left' as const, 'middle' as const, 'forward' as const),
    down: fc.boolean(),
    modifiers: fc.subarray(['ctrl' as const, 'shift' as const, 'alt' as const, 'meta' as const]),
  }),
  fc.record({
    kind: fc.constant('scroll' as const),
    atMs: fc.nat(60_000),
    x: fc.nat(4000),
    y: fc.nat(4000),
    dx: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    dy: fc.integer({ min: -9, max: 9 }),
    modifiers: fc.subarray(['ctrl' as const]),
  }),
  fc.record({
    kind: fc.constant('run' as const),
    atMs: fc.nat(60_000),
    endedAtMs: fc.nat(60_000),
    text: fc.string({ unit: 'grapheme', maxLength: 40 }),
    keyCount: fc.integer({ min: 1, max: 99 }),
    field: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant('window' as const),
    atMs: fc.nat(60_000),
    context: fc.option(fc.nat(9)),
  }),
);

function contentOf(events: readonly CapturedEvent[]): SegmentContent {
  return {
    v: 1,
    startedAtMs: 1_790_000_000_000,
    contexts: [{ app: 'chromium', origin: 'http://127.0.0.1:8123', mode: 'full' }],
    events,
    frames: [],
    findings: [],
  };
}

function textsOf(content: SegmentContent) {
  const record = { surfaces: textSurfaces(content.events, () => ({ mode: 'full' })) };
  return apply(record, findAll(record));
}

function encoded(content: SegmentContent): Uint8Array {
  return encodeContent(content, textsOf(content));
}

test('content comes back from its bytes as it went in', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const content = contentOf(events);
      const redacted = withTexts(content.events, textsOf(content));
      expect(decodeContent(encoded(content))).toEqual({ ...content, events: redacted });
    }),
  );
});

test('padding is at most 12 % and comes off again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (content) => {
      const padded = pad(content);
      expect(unpad(padded)).toEqual(content);
      expect(padded.length).toBeLessThanOrEqual(Math.max(content.length + 1, 8) * 1.12 + 1);
    }),
  );
  expect(paddedLength(1_000_000)).toBeLessThan(1_032_000);
});

test('the text that an event holds itself is never written', () => {
  const event = { atMs: 0, endedAtMs: 0, keyCount: 1, field: 0 } as const;
  const raw = contentOf([{ kind: 'run', text: 'raw text', ...event }]);
  const other = contentOf([{ kind: 'run', text: 'redacted', ...event }]);
  const decoded = decodeContent(encodeContent(raw, textsOf(other)));
  expect(decoded.events).toMatchObject([{ text: 'redacted' }]);
  expect(() => encodeContent(raw, textsOf(contentOf([])))).toThrow(/not redacted/);
});

test('a sealed segment opens with its key and is signed by its device', async () => {
  const content = encoded(contentOf([{ kind: 'move', atMs: 1, x: 2, y: 3 }]));
  const sealed = await sealSegment(header(), content, device);
  const segment = parseSealed(sealed.bytes);
  expect(segment.id).toBe(sealed.id);
  expect(await verifySealed(segment, device.publicKey)).toBe(true);
  const key = await unwrapContentKey(keys.privateKey, 'segment', segment.headerBytes, segment.body);
  expect(unpad(await openBulk(key, segment.headerBytes, segment.body))).toEqual(content);
});

test('a changed byte anywhere is refused: by the frame, the signature or the seal', async () => {
  const content = encoded(contentOf([{ kind: 'move', atMs: 1, x: 2, y: 3 }]));
  const { bytes: whole } = await sealSegment(header(), content, device);
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Uint8Array.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await accepted(changed), `byte ${at}`).toBe(false);
  }
  for (let length = 0; length < whole.length; length += 31) {
    expect(await accepted(whole.subarray(0, length)), `${length} bytes`).toBe(false);
  }
});

test('the body of one segment does not open under the header of another', async () => {
  const content = encoded(contentOf([]));
  const first = parseSealed((await sealSegment(header(), content, device)).bytes);
  const second = parseSealed((await sealSegment(header({ sequence: 1 }), content, device)).bytes);
  expect(await verifySealed({ ...first, body: second.body }, device.publicKey)).toBe(false);
  await expect(
    unwrapContentKey(keys.privateKey, 'segment', first.headerBytes, second.body),
  ).rejects.toMatchObject({ code: 'seal.broken' });
});

test('content that inflates beyond its limit is refused', () => {
  const outer = decode(encoded(contentOf([])));
  const packed = deflateSync(new Uint8Array(17 * 1024 * 1024));
  expect(() => decodeContent(encode({ ...outer, packed }))).toThrow(/limit/);
});

test('unknown kinds, missing columns and extra bytes are refused', () => {
  const { packed, ...outer } = decode(encoded(contentOf([])));
  expect(packed.length).toBeGreaterThan(0);
  for (const [columns, count] of [
    [{ kind: bytes(40), atMs: bytes(0) }, 1],
    [{ kind: bytes(0), atMs: bytes(0) }, 1],
    [{ kind: bytes(0), atMs: bytes(0) }, 0],
  ] as const) {
    const inner = {
      startedAtMs: 0,
      contexts: [],
      events: { count, strings: [], columns },
      frames: [],
      findings: [],
    };
    const broken = encode({ ...outer, packed: deflateSync(encode(inner)) });
    if (count === 0) expect(decodeContent(broken).events).toEqual([]);
    else expect(() => decodeContent(broken)).toThrow();
  }
});

async function accepted(candidate: Uint8Array): Promise<boolean> {
  try {
    return await verifySealed(parseSealed(candidate), device.publicKey);
  } catch {
    return false;
  }
}
