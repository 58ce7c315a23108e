import { DesktopMap } from '@handrail/core/gate';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fill, keepAllowed, type Pixels } from './pixels.ts';

const width = 12;
const height = 9;

function white(): Pixels {
  return { top: 0, width, height, bgrx: new Uint8Array(width * height * 4).fill(255) };
}

function isBlack(pixels: Pixels, x: number, y: number): boolean {
  const at = (y * pixels.width + x) * 4;
  return pixels.bgrx.subarray(at, at + 4).every((byte) => byte === 0);
}

const box = fc.record({
  x: fc.integer({ min: -5, max: 15 }),
  y: fc.integer({ min: -5, max: 12 }),
  width: fc.nat(15),
  height: fc.nat(12),
});

test('a pixel is kept exactly where the topmost window allows it', () => {
  const windows = fc.array(
    fc.record({ id: fc.nat(), bounds: box, allowed: fc.option(box, { nil: undefined }) }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(windows, (all) => {
      const map = new DesktopMap(
        all.map(({ id, bounds, allowed }) => {
          return { id, bounds, allowed: allowed && { context: 0, area: inside(allowed, bounds) } };
        }),
      );
      const kept = white();
      keepAllowed(kept, map);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          expect(isBlack(kept, x, y)).toBe(map.contextAt(x, y) === undefined);
        }
      }
    }),
  );
});

test('filling leaves nothing of a box and everything around it', () => {
  fc.assert(
    fc.property(box, (filled) => {
      const pixels = white();
      fill(pixels, filled);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const within =
            x >= filled.x &&
            x < filled.x + filled.width &&
            y >= filled.y &&
            y < filled.y + filled.height;
          expect(isBlack(pixels, x, y)).toBe(within);
        }
      }
    }),
  );
});

function inside(a: typeof box extends fc.Arbitrary<infer T> ? T : never, b: typeof a): typeof a {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}
