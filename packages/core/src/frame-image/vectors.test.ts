// vectors/frame-images is what this file makes. `HANDRAIL_VECTORS=write` writes it anew; otherwise
// what stands there must read as it says.
import { readFileSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  coarsePicture,
  filledPicture,
  type Picture,
  readPicture,
  rgbOf,
  type Tile,
  tileRows,
  writePicture,
} from './index.ts';

const file = new URL('../../../../vectors/frame-images/four-frames.json', import.meta.url);
const about =
  'Images of the frames of one segment, in order: each may name tiles of the one before. `image` ' +
  'is what a segment holds (raw deflate; other deflaters give other bytes), `body` the same ' +
  'inflated, `rgb` three bytes a pixel.';

const vectors = z.strictObject({
  about: z.literal(about),
  frames: z.array(
    z.strictObject({
      width: z.int(),
      height: z.int(),
      image: z.string(),
      body: z.string(),
      rgb: z.string(),
    }),
  ),
});

const size = { width: 68, height: 5 };

function pictures(): readonly Picture[] {
  const pixels = new Uint32Array(size.width * size.height).fill(0xfa_fafa);
  for (let at = 70; at < 100; at++) pixels[at] = at % 3 === 0 ? 0x20_40c0 : 0;
  const first = { ...size, tiles: tileRows({ ...size, pixels }) };
  for (let at = 0; at < pixels.length; at += 1) {
    if (at % size.width < 64) pixels[at] = Math.imul(at + 1, 0x01_0305) & 0xff_ffff;
  }
  const second = { ...size, tiles: tileRows({ ...size, pixels }, first.tiles) };
  const coarse = coarsePicture(second, 4, ['full'] satisfies Tile['kind'][]);
  const filled = filledPicture(first, [{ x: 30, y: 1, width: 36, height: 2 }]);
  return [first, second, coarse, filled];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function made(): z.infer<typeof vectors> {
  const all = pictures();
  const frames = all.map((picture, at) => {
    const body = writePicture(picture, all[at - 1]);
    return { ...size, image: hex(deflateSync(body)), body: hex(body), rgb: hex(rgbOf(picture)) };
  });
  return { about, frames };
}

test('vectors/frame-images is what the code makes and reads', () => {
  if (process.env.HANDRAIL_VECTORS === 'write') {
    writeFileSync(file, `${JSON.stringify(made(), null, 2)}\n`);
  }
  const { frames } = vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(frames).toEqual(made().frames);
  expect(frames).toHaveLength(4);
  let before: Picture | undefined;
  for (const { width, height, image, rgb } of frames) {
    before = readPicture(Buffer.from(image, 'hex'), { width, height }, before);
    expect(hex(rgbOf(before))).toBe(rgb);
  }
});
