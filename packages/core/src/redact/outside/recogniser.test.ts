import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { loadRecogniser } from './recogniser.ts';

const name = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
const section = (id: number, body: readonly number[]): number[] => [id, body.length, ...body];
const store = (at: number, value: readonly number[]): number[] => [0x41, at, ...value, 0x36, 2, 0];

/** The smallest model there is: it takes every text for one name of `kind`. */
function everythingIsAName(kind: number, count = 1): Uint8Array {
  const answer = [
    ...store(0, [0x41, count]),
    ...store(4, [0x41, 0]),
    ...store(8, [0x20, 1]),
    ...store(12, [0x41, kind]),
  ];
  const recognise = [0, ...answer, 0x41, 0, 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
    ...section(3, [2, 0, 1]),
    ...section(5, [1, 0, 2]),
    ...section(7, [3, ...name('memory'), 2, 0, ...name('input'), 0, 0, ...name('recognise'), 0, 1]),
    ...section(10, [2, 5, 0, 0x41, 0x80, 8, 0x0b, recognise.length, ...recognise]),
  ]);
}

const digestOf = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));
const loaded = (bytes: Uint8Array) => loadRecogniser(bytes, digestOf(bytes));

test('a model with the agreed digest finds what it finds', async () => {
  const recognise = await loaded(everythingIsAName(0));
  expect(recognise('anna')).toEqual([{ start: 0, end: 4, class: 'person', rule: 'model' }]);
  expect(recognise('')).toEqual([]);
});

test('a long text goes in pieces, and findings stand where they belong', async () => {
  const recognise = await loaded(everythingIsAName(2));
  const findings = recognise('x'.repeat(20_000));
  expect(findings.length).toBeGreaterThan(1);
  expect(findings.at(-1)).toMatchObject({ end: 20_000, class: 'place' });
});

test('a model with another digest does not load', async () => {
  const bytes = everythingIsAName(0);
  await expect(loadRecogniser(bytes, digestOf(everythingIsAName(1)))).rejects.toMatchObject({
    code: 'redaction.failed',
    message: expect.stringContaining('not the agreed file'),
  });
});

test('what is no module, or wants something from outside, does not load', async () => {
  const wanting = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 0, 0]),
    ...section(2, [1, ...name('a'), ...name('b'), 0, 0]),
  ]);
  for (const bytes of [wanting, Uint8Array.of(1, 2, 3)]) {
    await expect(loaded(bytes)).rejects.toMatchObject({
      code: 'redaction.failed',
      message: expect.stringContaining('cannot run'),
    });
  }
});

test('an answer that makes no sense is a failure, not an empty one', async () => {
  for (const model of [everythingIsAName(60), everythingIsAName(0, 40)]) {
    const recognise = await loaded(model);
    expect(() => recognise('anna')).toThrow(expect.objectContaining({ code: 'redaction.failed' }));
  }
});
