// Images come from a device and may be hostile: only WebP is decoded, within a pixel limit, and
// what goes on is encoded anew from raw pixels, so nothing but pixels survives.
import type { Box } from '@handrail/core/events';
import sharp from 'sharp';

/** Most pixels of one frame: more than an 8K display has. */
export const framePixelsMax = 40_000_000;
const lossyQuality = 80;
const effort = 0;

sharp.cache(false);
sharp.concurrency(1);

/** The same pixels as fresh WebP; undefined when the image is broken or of another size. */
export async function reencode(
  image: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  const lossless = webpLossless(image);
  const raw = lossless === undefined ? undefined : await rgbPixels(image, width, height);
  return raw?.length === width * height * 3
    ? encode(raw, width, height, lossless === true)
    : undefined;
}

/** The same picture with `boxes` black; undefined when the image is broken. */
export async function fillBoxes(
  image: Uint8Array,
  size: { readonly width: number; readonly height: number },
  boxes: readonly Box[],
): Promise<Uint8Array | undefined> {
  const { width, height } = size;
  const lossless = webpLossless(image);
  const raw = lossless === undefined ? undefined : await rgbPixels(image, width, height);
  if (raw === undefined) return undefined;
  for (const box of boxes) blacken(raw, size, box);
  return encode(raw, width, height, lossless === true);
}

function blacken(
  raw: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  box: Box,
): void {
  const left = Math.max(0, box.x);
  const right = Math.min(width, box.x + box.width);
  if (left >= right) return;
  for (let y = Math.max(0, box.y); y < Math.min(height, box.y + box.height); y++) {
    raw.fill(0, (y * width + left) * 3, (y * width + right) * 3);
  }
}

/** Three bytes a pixel; undefined when the image is broken or of another size. */
export async function rgbPixels(
  image: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array | undefined> {
  if (width * height > framePixelsMax) return undefined;
  try {
    const source = sharp(image, { limitInputPixels: framePixelsMax, failOn: 'warning' });
    const facts = await source.metadata();
    const fits = facts.width === width && facts.height === height;
    if (facts.format !== 'webp' || (facts.pages ?? 1) !== 1 || !fits) return undefined;
    return await source.removeAlpha().toColourspace('srgb').raw().toBuffer();
  } catch {
    return undefined;
  }
}

async function encode(
  raw: Uint8Array,
  width: number,
  height: number,
  lossless: boolean,
): Promise<Uint8Array> {
  const pixels = sharp(raw, { raw: { width, height, channels: 3 } });
  const options = lossless ? { lossless, effort } : { quality: lossyQuality, effort };
  const encoded = await pixels.webp(options).toBuffer();
  return new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.length);
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
