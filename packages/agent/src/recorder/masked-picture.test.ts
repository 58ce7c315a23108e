import { isExact, type Picture, readPicture, rgbOf } from '@handrail/core/frame-image';
import { DesktopMap } from '@handrail/core/gate';
import { expect, test } from 'vitest';
import { encodeImage } from './frame-image.ts';
import { type FrameRows, maskedPicture } from './masked-picture.ts';

const width = 300;
const height = 200;
const left = { x: 10, y: 20, width: 100, height: 150 };

/** A screen of white; `asked` are the rows that were copied from it. */
function white(): FrameRows & { readonly asked: number[] } {
  const asked: number[] = [];
  const rows = (top: number, count: number) => {
    for (let y = top; y < top + count; y++) asked.push(y);
    return new Uint8Array(count * width * 4).fill(255);
  };
  return { width, height, rows, asked };
}

function mapOf(area: typeof left): DesktopMap {
  return new DesktopMap([{ id: 1, bounds: area, allowed: { context: 0, area } }]);
}

function whitePixels(picture: Picture): number {
  return rgbOf(picture).reduce((sum, value) => sum + (value === 255 ? 1 : 0), 0) / 3;
}

test('only allowed pixels are in the picture, and none of what is filled', () => {
  const all = maskedPicture(white(), mapOf(left), [], undefined);
  expect(whitePixels(all)).toBe(100 * 150);
  const filled = [{ x: 0, y: 60, width: 60, height: 10 }];
  expect(whitePixels(maskedPicture(white(), mapOf(left), filled, undefined))).toBe(15_000 - 500);
});

test('rows in which nothing is allowed are never copied', () => {
  const screen = white();
  maskedPicture(screen, mapOf({ x: 0, y: 130, width: 50, height: 10 }), [], undefined);
  expect(Math.min(...screen.asked)).toBe(128);
  expect(Math.max(...screen.asked)).toBe(191);
  const nothing = white();
  expect(whitePixels(maskedPicture(nothing, new DesktopMap([]), [], undefined))).toBe(0);
  expect(nothing.asked).toEqual([]);
});

test('the tiles of a picture that did not change are those of the one before', () => {
  const before = maskedPicture(white(), mapOf(left), [], undefined);
  const filled = [{ x: 15, y: 25, width: 4, height: 4 }];
  const after = maskedPicture(white(), mapOf(left), filled, before);
  const changed = after.tiles.filter((tile, at) => tile !== before.tiles[at]);
  expect(changed).toHaveLength(1);
});

test('what packs badly fits all the same, and what text there is stays exact', async () => {
  const size = { width: 1024, height: 1024 };
  let seed = 7;
  const noise = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed >>> 8;
  };
  const text = (at: number) => (at % 7 === 0 ? 0xffffff : 0);
  const rows = (top: number, count: number) => {
    const pixels = new Uint32Array(count * size.width);
    // Text of two colours, and below it what a photograph is like.
    return new Uint8Array(pixels.map((_, at) => (top < 512 ? text(at) : noise())).buffer);
  };
  const map = mapOf({ x: 0, y: 0, ...size });
  const picture = maskedPicture({ ...size, rows }, map, [], undefined);
  const image = await encodeImage(picture);
  expect(image.length).toBeLessThan(384 * 1024);
  const read = readPicture(image, size);
  expect(isExact(read)).toBe(false);
  const textBytes = 512 * size.width * 3;
  expect(rgbOf(read).subarray(0, textBytes)).toEqual(rgbOf(picture).subarray(0, textBytes));
});
