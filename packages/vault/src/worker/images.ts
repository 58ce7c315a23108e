// Pictures as WebP, which trajectories and releases hold: encoded from raw pixels, so that nothing
// but pixels goes on.
import type { Box } from '@handrail/core/events';
import { picturePixelsMax } from '@handrail/core/frame-image';
import { paintable } from '@handrail/core/pixels';
import sharp from 'sharp';
import type { FramePixels } from './decode-frames.ts';

const lossyQuality = 80;
const effort = 0;

sharp.cache(false);
sharp.concurrency(1);

/** As WebP, lossless where the pixels are those of the screen. */
export async function encodeFrame(frame: FramePixels): Promise<Uint8Array> {
  const { width, height, isExact } = frame;
  const pixels = sharp(frame.pixels, { raw: { width, height, channels: 3 } });
  const options = isExact ? { lossless: true, effort } : { quality: lossyQuality, effort };
  const encoded = await pixels.webp(options).toBuffer();
  return new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.length);
}

/** A WebP of ours as pixels; undefined when it is broken, of another kind or of another size. */
export async function decodeImage(
  image: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<FramePixels | undefined> {
  const isExact = webpLossless(image);
  const pixels = isExact === undefined ? undefined : await rawPixels(image, width, height);
  if (pixels?.length !== width * height * 3) return undefined;
  return { width, height, pixels, isExact: isExact === true };
}

/** The same picture with `boxes` black; undefined when the image is broken. */
export async function fillBoxes(
  image: Uint8Array,
  size: { readonly width: number; readonly height: number },
  boxes: readonly Box[],
): Promise<Uint8Array | undefined> {
  const frame = await decodeImage(image, size);
  if (frame === undefined) return undefined;
  for (const box of boxes) blacken(frame, box);
  return encodeFrame(frame);
}

/** Paints `box` black, in place. */
export function blacken({ pixels, width, height }: FramePixels, box: Box): void {
  const inside = paintable(box, { width, height });
  if (inside === undefined) return;
  for (let y = inside.y; y < inside.y + inside.height; y++) {
    const from = (y * width + inside.x) * 3;
    pixels.fill(0, from, from + inside.width * 3);
  }
}

async function rawPixels(
  image: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  if (width * height > picturePixelsMax) return undefined;
  try {
    const source = sharp(image, { limitInputPixels: picturePixelsMax, failOn: 'warning' });
    const facts = await source.metadata();
    const fits = facts.width === width && facts.height === height;
    if (facts.format !== 'webp' || (facts.pages ?? 1) !== 1 || !fits) return undefined;
    return await source.removeAlpha().toColourspace('srgb').raw().toBuffer();
  } catch {
    return undefined;
  }
}

/** Which of the two bitstreams a WebP (RFC 9649) holds; undefined when it is none. */
function webpLossless(bytes: Uint8Array): boolean | undefined {
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = textAt(bytes, at);
    if (name === 'VP8L') return true;
    if (name === 'VP8 ') return false;
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length & 1);
  }
  return undefined;
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
