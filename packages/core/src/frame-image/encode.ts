// The bytes of a picture, before deflate: a kind for each tile, then what each tile holds. Tiles of
// the picture before are named, not written.
import type { Picture, Tile } from './picture.ts';
import { sameTile } from './tile.ts';

export const tileKinds = { before: 0, flat: 1, palette: 2, full: 3, coarse: 4 } as const;

/** `before` is the picture its reader has just read; it counts only where sizes are equal. */
export function writePicture(picture: Picture, before?: Picture): Uint8Array {
  const old =
    before?.width === picture.width && before.height === picture.height ? before : undefined;
  const written = picture.tiles.map((tile, at) => {
    const same = old?.tiles[at];
    return same && sameTile(tile, same) ? undefined : tile;
  });
  const length = written.reduce((sum, tile) => sum + 1 + (tile ? bytesOf(tile) : 0), 0);
  const writer = { bytes: new Uint8Array(length), at: 0 };
  for (const tile of written) writer.bytes[writer.at++] = tileKinds[tile?.kind ?? 'before'];
  for (const tile of written) if (tile) writeTile(writer, tile);
  return writer.bytes;
}

/** Bytes that a tile takes besides its kind. */
function bytesOf(tile: Tile): number {
  if (tile.kind === 'flat') return 3;
  if (tile.kind === 'palette') return 1 + tile.colours.length * 3 + tile.indexes.length;
  return (tile.kind === 'coarse' ? 1 : 0) + tile.colours.length * 3;
}

interface Writer {
  readonly bytes: Uint8Array;
  at: number;
}

function writeTile(writer: Writer, tile: Tile): void {
  if (tile.kind === 'palette') writer.bytes[writer.at++] = tile.colours.length - 1;
  if (tile.kind === 'coarse') writer.bytes[writer.at++] = tile.block;
  writeColours(writer, tile.kind === 'flat' ? [tile.colour] : tile.colours);
  if (tile.kind !== 'palette') return;
  writer.bytes.set(tile.indexes, writer.at);
  writer.at += tile.indexes.length;
}

/** Each as its difference to the one before: shades that change little deflate well. */
function writeColours(writer: Writer, colours: Iterable<number>): void {
  let last = 0;
  for (const colour of colours) {
    writer.bytes[writer.at++] = (colour >>> 16) - (last >>> 16);
    writer.bytes[writer.at++] = (colour >>> 8) - (last >>> 8);
    writer.bytes[writer.at++] = colour - last;
    last = colour;
  }
}
