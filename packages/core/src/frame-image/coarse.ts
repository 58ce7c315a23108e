// A bound for pictures that do not pack, such as photographs: fewer colours than pixels, only where
// they are needed.
import {
  blocksOf,
  coloursOf,
  type Picture,
  type PictureSize,
  type Tile,
  tilePlaces,
} from './picture.ts';

/**
 * The same picture with one colour for each `block` times `block` pixels, in tiles of these kinds.
 * Tiles of the picture `before` stay as they are: they are not written again.
 */
export function coarsePicture(
  picture: Picture,
  block: number,
  kinds: readonly Tile['kind'][],
  before?: Picture,
): Picture {
  const places = tilePlaces(picture);
  const tiles = picture.tiles.map((tile, at) => {
    const place = places[at];
    const stays = !place || !kinds.includes(tile.kind) || before?.tiles[at] === tile;
    return stays ? tile : coarseTile(tile, place, block);
  });
  return { ...picture, tiles };
}

/** The average colour of each block. */
function coarseTile(tile: Tile, size: PictureSize, block: number): Tile {
  const pixels = coloursOf(tile, size, new Uint32Array(size.width * size.height));
  const across = Math.ceil(size.width / block);
  const colours = new Uint32Array(blocksOf(size, block));
  for (let at = 0; at < colours.length; at++) {
    const corner = { x: (at % across) * block, y: Math.floor(at / across) * block };
    colours[at] = averageOf(pixels, size, corner, block);
  }
  return { kind: 'coarse', block, colours };
}

function averageOf(
  pixels: Uint32Array,
  size: PictureSize,
  corner: { readonly x: number; readonly y: number },
  block: number,
): number {
  let [red, green, blue, count] = [0, 0, 0, 0];
  for (let y = corner.y; y < Math.min(corner.y + block, size.height); y++) {
    for (let x = corner.x; x < Math.min(corner.x + block, size.width); x++) {
      const colour = pixels[y * size.width + x] ?? 0;
      red += colour >>> 16;
      green += (colour >>> 8) & 0xff;
      blue += colour & 0xff;
      count += 1;
    }
  }
  const mean = (sum: number) => Math.round(sum / count);
  return (mean(red) << 16) | (mean(green) << 8) | mean(blue);
}
