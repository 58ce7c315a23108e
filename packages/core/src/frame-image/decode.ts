// Reads pictures that came from outside: at most as many bytes as their pixels can take, every
// number checked, nothing left over.
import { HandrailError } from '../errors/index.ts';
import { inflateWithin } from '../segment/unpack.ts';
import { tileKinds } from './encode.ts';
import {
  blocksOf,
  type Picture,
  type PictureSize,
  paletteColoursMax,
  type Tile,
  type TilePlace,
  tilePlaces,
} from './picture.ts';

const what = 'image';
/** Kind, number of colours and palette: what a tile takes besides its pixels. */
const tileHeadBytesMax = 2 + paletteColoursMax * 3;
const blocks: readonly number[] = [2, 4, 8];

/**
 * Reads a deflated picture of this size; `before` is the one read just before it, if there is one.
 * Throws `format.truncated`, `input.invalid` or `input.too-large`.
 */
export function readPicture(bytes: Uint8Array, size: PictureSize, before?: Picture): Picture {
  const { width, height } = size;
  const places = tilePlaces(size);
  const bytesMax = places.length * tileHeadBytesMax + width * height * 3;
  const reader = { bytes: inflateWithin(what, bytes, bytesMax), at: places.length };
  const old = before?.width === width && before.height === height ? before : undefined;
  const tiles = places.map((place, at) => {
    const kind = reader.bytes[at];
    const tile = kind === tileKinds.before ? old?.tiles[at] : readTile(reader, kind, place);
    if (!tile) throw invalid();
    return tile;
  });
  if (reader.at !== reader.bytes.length) throw invalid();
  return { width, height, tiles };
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readTile(reader: Reader, kind: number | undefined, place: TilePlace): Tile | undefined {
  const pixels = place.width * place.height;
  if (kind === tileKinds.flat) return { kind: 'flat', colour: readColours(reader, 1)[0] ?? 0 };
  if (kind === tileKinds.full) return { kind: 'full', colours: readColours(reader, pixels) };
  if (kind === tileKinds.coarse) {
    const block = readByte(reader);
    if (!blocks.includes(block)) return undefined;
    return { kind: 'coarse', block, colours: readColours(reader, blocksOf(place, block)) };
  }
  if (kind !== tileKinds.palette) return undefined;
  const colours = readColours(reader, readByte(reader) + 1);
  const indexes = take(reader, pixels).slice();
  return indexes.every((index) => index < colours.length)
    ? { kind: 'palette', colours, indexes }
    : undefined;
}

function readColours(reader: Reader, count: number): Uint32Array {
  const bytes = take(reader, count * 3);
  const colours = new Uint32Array(count);
  let [red, green, blue] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    red = (red + (bytes[at * 3] ?? 0)) & 0xff;
    green = (green + (bytes[at * 3 + 1] ?? 0)) & 0xff;
    blue = (blue + (bytes[at * 3 + 2] ?? 0)) & 0xff;
    colours[at] = (red << 16) | (green << 8) | blue;
  }
  return colours;
}

function readByte(reader: Reader): number {
  return take(reader, 1)[0] ?? 0;
}

function take(reader: Reader, count: number): Uint8Array {
  const bytes = reader.bytes.subarray(reader.at, reader.at + count);
  if (bytes.length !== count) {
    throw new HandrailError('format.truncated', `The ${what} ends too early.`);
  }
  reader.at += count;
  return bytes;
}

function invalid(): HandrailError {
  return new HandrailError('input.invalid', `The ${what} has tiles of the wrong form.`);
}
