// What lies compressed inside of bytes: gzip, zlib and Zstandard wherever one of them begins, raw
// deflate from the start, Snappy in Parquet pages.
import { constants, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { snappyPages } from './snappy-pages.ts';

const unpackedBytesMax = 64 * 1024 * 1024;
const beginningsMax = 20_000;
/** Shorter output is chance: nearly any bytes decompress to a few. */
const outputBytesMin = 8;
const zlibSeconds: ReadonlySet<number> = new Set([0x01, 0x5e, 0x9c, 0xda]);

/** Contents that decompress, also when they are cut off. */
export function* unpacked(bytes: Buffer): Generator<Buffer> {
  const options = { maxOutputLength: unpackedBytesMax, finishFlush: constants.Z_SYNC_FLUSH };
  let tries = 0;
  for (let at = 0; at + 4 < bytes.length && tries < beginningsMax; at += 1) {
    const first = bytes[at];
    if (first !== 0x1f && first !== 0x78 && first !== 0x28) continue;
    const second = bytes[at + 1] ?? 0;
    let content: Buffer | undefined;
    if (first === 0x1f && second === 0x8b)
      content = tried(() => gunzipSync(bytes.subarray(at), options));
    else if (first === 0x78 && zlibSeconds.has(second))
      content = tried(() => inflateSync(bytes.subarray(at), options));
    else if (bytes.readUInt32LE(at) === 0xfd2fb528)
      content = tried(() =>
        zstdDecompressSync(bytes.subarray(at), { maxOutputLength: unpackedBytesMax }),
      );
    else continue;
    tries += 1;
    if (content && content.length >= outputBytesMin) yield content;
  }
  const raw = tried(() => inflateRawSync(bytes, options));
  if (raw && raw.length >= outputBytesMin) yield raw;
  yield* snappyPages(bytes);
}

function tried(unpack: () => Buffer): Buffer | undefined {
  try {
    return unpack();
  } catch {
    return undefined;
  }
}
