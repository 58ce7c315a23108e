import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import {
  coarsePicture,
  filledPicture,
  isExact,
  type Picture,
  readPicture,
  rgbOf,
  rowOfTiles,
  type Tile,
  tileEdge,
  tileRows,
  writePicture,
} from './index.ts';

const side = fc.integer({ min: 1, max: tileEdge * 2 + 5 });
const few = fc.constantFrom(0x00_0000, 0x10_2030, 0xff_ffff);

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** Flat, of few colours, or of a colour for every pixel; the unused byte is the server's. */
const screen: fc.Arbitrary<Pixels> = fc
  .record({
    width: side,
    height: side,
    ground: few,
    blocks: fc.array(fc.record({ at: fc.nat(9999), length: fc.nat(900), colour: few })),
    noise: fc.option(fc.record({ at: fc.nat(9999), length: fc.nat(9000) }), { nil: undefined }),
  })
  .map(({ width, height, ground, blocks, noise }) => {
    const pixels = new Uint32Array(width * height).fill(0xab00_0000 + ground);
    for (const { at, length, colour } of blocks) pixels.fill(colour, at, at + length);
    for (let at = noise?.at ?? 0; at < (noise ? noise.at + noise.length : 0); at++) {
      if (at < pixels.length) pixels[at] = Math.imul(at, 2_654_435_761) >>> 3;
    }
    return { width, height, pixels };
  });

function pictureOf({ width, height, pixels }: Pixels, before?: Picture): Picture {
  const old = before?.width === width && before.height === height ? before : undefined;
  const tiles: Tile[] = [];
  for (let top = 0; top < height; top += tileEdge) {
    const count = Math.min(tileEdge, height - top);
    const rows = { width, height: count, pixels: pixels.subarray(top * width) };
    tiles.push(...tileRows(rows, old && rowOfTiles(old, top / tileEdge)));
  }
  return { width, height, tiles };
}

function rgb({ pixels }: Pixels): Uint8Array {
  return Uint8Array.from([...pixels].flatMap((c) => [(c >> 16) & 0xff, (c >> 8) & 0xff, c & 0xff]));
}

function written(picture: Picture, before?: Picture): Uint8Array {
  return deflateSync(writePicture(picture, before), { level: 1 });
}

test('every pixel comes back in its place', () => {
  fc.assert(
    fc.property(screen, (shown) => {
      const read = readPicture(written(pictureOf(shown)), shown);
      expect(rgbOf(read)).toEqual(rgb(shown));
      expect(isExact(read)).toBe(true);
    }),
  );
});

test('a picture on the one before shows the same as one by itself', () => {
  fc.assert(
    fc.property(screen, screen, fc.boolean(), (first, second, sameSize) => {
      const { width, height } = first;
      const pixels = new Uint32Array(width * height);
      pixels.set(second.pixels.subarray(0, pixels.length));
      const next = sameSize ? { width, height, pixels } : second;
      const before = pictureOf(first);
      const picture = pictureOf(next, before);
      const known = readPicture(written(before), first);
      expect(rgbOf(readPicture(written(picture, before), next, known))).toEqual(rgb(next));
    }),
  );
});

test('what did not change is the same tile, and takes a byte', () => {
  const pixels = new Uint32Array(640 * 640).map((_, at) => Math.imul(at, 2_654_435_761) >>> 8);
  const before = pictureOf({ width: 640, height: 640, pixels });
  const changed = pictureOf(
    { width: 640, height: 640, pixels: pixels.with(640 * 99 + 99, 1) },
    before,
  );
  const same = changed.tiles.filter((tile, at) => tile === before.tiles[at]);
  expect(same).toHaveLength(99);
  expect(writePicture(changed, before)).toHaveLength(100 + tileEdge * tileEdge * 3);
  expect(writePicture(before, before)).toEqual(new Uint8Array(100));
});

test('nothing is left of a filled box, and everything around it is', () => {
  const edge = fc.integer({ min: -20, max: tileEdge * 2 + 20 });
  const box = fc.record({ x: edge, y: edge, width: fc.nat(90), height: fc.nat(90) });
  fc.assert(
    fc.property(screen, fc.array(box, { maxLength: 3 }), (shown, boxes) => {
      const wanted = rgb(shown);
      for (let y = 0; y < shown.height; y++) {
        for (let x = 0; x < shown.width; x++) {
          const isIn = (b: (typeof boxes)[number]) =>
            x >= b.x && y >= b.y && x < b.x + b.width && y < b.y + b.height;
          const at = (y * shown.width + x) * 3;
          if (boxes.some(isIn)) wanted.fill(0, at, at + 3);
        }
      }
      expect(rgbOf(filledPicture(pictureOf(shown), boxes))).toEqual(wanted);
    }),
  );
});

test('what is coarse says so, fits its bound, and goes black as a whole', () => {
  fc.assert(
    fc.property(screen, fc.constantFrom(2, 4, 8), (shown, block) => {
      const picture = pictureOf(shown);
      const coarse = coarsePicture(picture, block, ['full', 'palette']);
      const read = readPicture(written(coarse), shown);
      expect(rgbOf(read)).toEqual(rgbOf(coarse));
      expect(isExact(read)).toBe(picture.tiles.every(({ kind }) => kind === 'flat'));
      const perTile = 2 + 3 * Math.ceil(tileEdge / block) ** 2;
      expect(writePicture(coarse).length).toBeLessThanOrEqual(picture.tiles.length * perTile + 3);
      const whole = { x: 0, y: 0, width: 1, height: 1 };
      const [tile] = filledPicture(coarse, [whole]).tiles;
      if (coarse.tiles[0]?.kind === 'coarse') expect(tile).toEqual({ kind: 'flat', colour: 0 });
    }),
  );
});

test('a block of few pixels at the edge has their average', () => {
  const pixels = Uint32Array.of(0x000000, 0x0000ff, 0x00ff00, 0xff0000, 0xff0000, 0x0000fe);
  const picture = pictureOf({ width: 3, height: 2, pixels });
  const coarse = coarsePicture(picture, 2, ['palette']);
  expect(coarse.tiles).toEqual([
    { kind: 'coarse', block: 2, colours: Uint32Array.of(0x800040, 0x00807f) },
  ]);
});

test('changed and cut bytes are refused or read as some picture, never more', () => {
  const size = { width: tileEdge + 9, height: tileEdge + 3 };
  const bytes = fc.uint8Array({ maxLength: 900 });
  fc.assert(
    fc.property(bytes, fc.boolean(), (body, deflated) => {
      try {
        const read = readPicture(deflated ? deflateSync(body) : body, size);
        expect(rgbOf(read)).toHaveLength(size.width * size.height * 3);
      } catch (error) {
        expect(error).toMatchObject({ code: /format.truncated|input.invalid|input.too-large/ });
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a tile of a picture before, where there is none', [0]],
  ['a kind that does not exist', [9, 1, 2, 3]],
  ['an index beyond the palette', [2, 0, 1, 2, 3, 1, ...new Array(63).fill(0)]],
  ['blocks of another size', [4, 3, ...new Array(27).fill(0)]],
  ['blocks of no size', [4, 0]],
  ['bytes left over', [1, 1, 2, 3, 4]],
])('%s is refused', (_, body) => {
  const size = { width: 8, height: 8 };
  expect(() => readPicture(deflateSync(Uint8Array.from(body)), size)).toThrow(
    expect.objectContaining({ code: 'input.invalid' }),
  );
});

test('a tile of a picture of another size is refused', () => {
  const before = pictureOf({ width: 8, height: 9, pixels: new Uint32Array(72) });
  const bytes = deflateSync(Uint8Array.of(0));
  expect(() => readPicture(bytes, { width: 8, height: 8 }, before)).toThrow(/wrong form/);
  expect(readPicture(bytes, { width: 8, height: 9 }, before)).toEqual(before);
});

test('no picture inflates to more than its pixels can take, nor has more than 8K', () => {
  const size = { width: 8, height: 8 };
  const bomb = deflateSync(new Uint8Array(10_000_000));
  expect(() => readPicture(bomb, size)).toThrow(
    expect.objectContaining({ code: 'input.too-large' }),
  );
  const huge = { width: 32_768, height: 32_768 };
  expect(() => readPicture(bomb, huge)).toThrow(
    expect.objectContaining({ code: 'input.too-large' }),
  );
});
