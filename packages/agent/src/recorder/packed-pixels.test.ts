import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpackRgba } from './packed-pixels.ts';

const few = fc.constantFrom(0x00_0000, 0x10_2030, 0xff_ffff);
const run = fc.tuple(few, fc.integer({ min: 1, max: 40 }));

test('every pixel comes back in its place, red first and opaque', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1 }), (runs) => {
      const flat = runs.flatMap(([colour, length]) => new Array<number>(length).fill(colour));
      const bgrx = new Uint8Array(Uint32Array.from(flat).buffer);
      const target = new Uint32Array(flat.length);
      unpackRgba(pack({ width: flat.length, height: 1, bgrx }), target);
      const bytes = [...new Uint8Array(target.buffer)];
      const wanted = flat.flatMap((c) => [(c >> 16) & 0xff, (c >> 8) & 0xff, c & 0xff, 0xff]);
      expect(bytes).toEqual(wanted);
    }),
  );
});

test('what the server leaves in the unused byte does not part a run', () => {
  const bgrx = new Uint8Array(400 * 4).map((_, at) => (at % 4 === 3 ? at % 256 : 7));
  expect(pack({ width: 400, height: 1, bgrx }).words).toHaveLength(2);
});

test('a screen of noise is kept whole, in little more than its own size', () => {
  const bgrx = new Uint8Array(300 * 300 * 4).map((_, at) => (at * 2_654_435_761) >>> 13);
  const packed = pack({ width: 300, height: 300, bgrx });
  expect(packed.words.length).toBeLessThan(300 * 300 * 1.1);
});
