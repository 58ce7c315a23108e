import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageLength, readMessage, writeCall } from './message.ts';
import { ValueReader } from './read-value.ts';
import { ValueWriter } from './write-value.ts';

interface Typed {
  readonly signature: string;
  readonly value: unknown;
}

const word = fc.integer({ min: 0, max: 0xffff_ffff });
const plain: fc.Arbitrary<Typed> = fc.oneof(
  fc.record({ signature: fc.constant('y'), value: fc.nat(255) }),
  fc.record({ signature: fc.constant('b'), value: fc.boolean() }),
  fc.record({ signature: fc.constant('i'), value: fc.integer() }),
  fc.record({ signature: fc.constant('u'), value: word }),
  fc.record({ signature: fc.constant('g'), value: fc.constantFrom('', 'a{sv}', '(so)') }),
  fc.record({ signature: fc.constantFrom('s', 'o'), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({
    signature: fc.constant('a(so)'),
    value: fc.array(fc.tuple(fc.string(), fc.string())),
  }),
  fc.record({ signature: fc.constant('ai'), value: fc.array(fc.integer()) }),
);
const struct: fc.Arbitrary<Typed> = fc.array(plain, { minLength: 1, maxLength: 4 }).map((parts) => {
  const inner = parts.map(({ signature }) => signature).join('');
  return { signature: `(${inner})`, value: parts.map(({ value }) => value) };
});
const typed = fc.array(fc.oneof(plain, struct), { maxLength: 6 });

test('values come back as they were written, wherever they begin', () => {
  fc.assert(
    fc.property(typed, fc.nat(9), (all, before) => {
      const signature = all.map((each) => each.signature).join('');
      const values = all.map(({ value }) => value);
      const writer = new ValueWriter();
      for (let at = 0; at < before; at++) writer.byte(1);
      writer.begin();
      writer.values(signature, values);
      const bytes = writer.take().subarray(before);
      const reader = new ValueReader(bytes, 0);
      expect(reader.values(signature)).toEqual(values);
      expect(reader.at).toBe(bytes.length);
    }),
  );
});

test('values that are not what the signature says are refused', () => {
  const writer = new ValueWriter();
  for (const [signature, values] of [
    ['s', [1]],
    ['u', ['1']],
    ['ss', ['one']],
    ['s', ['one', 'two']],
    ['(s', [['one']]],
    ['as', ['one']],
  ] as const) {
    expect(() => writer.values(signature, values)).toThrow(/form of its signature/);
  }
});

const call = {
  destination: 'org.a11y.Bus',
  path: '/org/a11y/bus',
  iface: 'org.a11y.Bus',
  member: 'GetAddress',
  signature: '(ia{ss})b',
  body: [[7, { key: 'value' }], true],
} as const;

/** As the daemon lays it out: an answer to `serial` with one struct, and a signal. */
function answer(): Buffer {
  const writer = new ValueWriter();
  writer.begin();
  for (const byte of [0x6c, 2, 1, 1]) writer.byte(byte);
  const bodyLength = writer.placeholder();
  writer.word(99);
  writer.values('a(yg)', [[]]);
  const bytes = writer.take();
  expect(bodyLength).toBe(4);
  return bytes;
}

test('a call has the length it says, and calls follow each other', () => {
  const writer = new ValueWriter();
  writeCall(writer, call, 1);
  const first = writer.length;
  writeCall(writer, call, 2);
  const bytes = writer.take();
  expect(messageLength(bytes)).toBe(first);
  expect(messageLength(bytes.subarray(first))).toBe(bytes.length - first);
  expect(readMessage(bytes.subarray(0, first))).toEqual({ kind: 'other' });
  expect(readMessage(answer())).toEqual({ kind: 'answer', serial: 0, body: [] });
});

test('whatever comes is read or refused, and takes no more than it brings', () => {
  const start = Buffer.from([0x6c, 4, 0, 1]);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 200 }), (rest) => {
      const bytes = Buffer.concat([start, rest]);
      try {
        if (messageLength(bytes) <= bytes.length) readMessage(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: /input\.invalid|input\.too-large|internal/ });
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['text that is longer than the message', 's', [100, 0, 0, 0, 0x61, 0]],
  ['a number beyond the end', 'uu', [1, 0, 0, 0]],
  ['an array that is longer than the message', 'ay', [9, 0, 0, 0, 1]],
  ['an array whose items take no bytes', 'a()', [8, 0, 0, 0, 0, 0, 0, 0, ...new Array(8).fill(0)]],
  ['an array that ends within an item', 'au', [6, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]],
  ['variants in variants without end', 'v', [...nested(90), 1, 0x79, 0, 7]],
  ['a type that does not exist', 'z', [1, 0, 0, 0]],
])('%s is refused', (_, signature, bytes) => {
  const read = () => new ValueReader(Buffer.from(bytes), 0).values(signature);
  expect(read).toThrow(expect.objectContaining({ code: 'input.invalid' }));
});

test('variants are their values, some way down', () => {
  const bytes = Buffer.from([...nested(9), 1, 0x79, 0, 7]);
  expect(new ValueReader(bytes, 0).values('v')).toEqual([7]);
});

function nested(depth: number): readonly number[] {
  return new Array<readonly number[]>(depth).fill([1, 0x76, 0]).flat();
}
