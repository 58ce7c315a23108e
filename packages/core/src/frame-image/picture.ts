// A picture as tiles, each as simple as what it shows: interfaces are flat, so that a screen takes
// little memory, and two pictures of one screen share the tiles that did not change.
import { HandrailError } from '../errors/index.ts';

/** Tiles at the right and bottom edges are smaller. */
export const tileEdge = 64;
/** More than an 8K display has. */
export const picturePixelsMax = 40_000_000;
export const paletteColoursMax = 256;

/** Colours are `0xrrggbb`; pixels go from left to right, row by row. */
export type Tile =
  | { readonly kind: 'flat'; readonly colour: number }
  | { readonly kind: 'palette'; readonly colours: Uint32Array; readonly indexes: Uint8Array }
  | { readonly kind: 'full'; readonly colours: Uint32Array }
  /** One colour for each block of `block` times `block` pixels: what was shown is not exact. */
  | { readonly kind: 'coarse'; readonly block: number; readonly colours: Uint32Array };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** From left to right, row by row. */
  readonly tiles: readonly Tile[];
}

/** Pixels of a picture that a tile covers. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Places of all tiles, in their order. Throws `input.too-large` for more than an 8K display. */
export function tilePlaces({ width, height }: PictureSize): readonly TilePlace[] {
  if (width * height > picturePixelsMax) {
    throw new HandrailError('input.too-large', 'A picture has too many pixels.');
  }
  const places: TilePlace[] = [];
  for (let y = 0; y < height; y += tileEdge) {
    for (let x = 0; x < width; x += tileEdge) {
      const right = Math.min(x + tileEdge, width);
      const bottom = Math.min(y + tileEdge, height);
      places.push({ x, y, width: right - x, height: bottom - y });
    }
  }
  return places;
}

/** How many blocks of `block` pixels it takes to cover a tile. */
export function blocksOf({ width, height }: PictureSize, block: number): number {
  return Math.ceil(width / block) * Math.ceil(height / block);
}

/** False where a tile shows less than was on the screen. */
export function isExact({ tiles }: Picture): boolean {
  return tiles.every(({ kind }) => kind !== 'coarse');
}

/** Three bytes a pixel: red, green, blue. */
export function rgbOf(picture: Picture): Uint8Array {
  const rgb = new Uint8Array(picture.width * picture.height * 3);
  const colours = new Uint32Array(tileEdge * tileEdge);
  for (const [at, place] of tilePlaces(picture).entries()) {
    const tile = picture.tiles[at];
    if (tile) drawTile(rgb, picture.width, place, coloursOf(tile, place, colours));
  }
  return rgb;
}

function drawTile(rgb: Uint8Array, across: number, place: TilePlace, colours: Uint32Array): void {
  let from = 0;
  for (let y = place.y; y < place.y + place.height; y++) {
    let to = (y * across + place.x) * 3;
    for (const end = from + place.width; from < end; from++) {
      const colour = colours[from] ?? 0;
      rgb[to++] = colour >>> 16;
      rgb[to++] = colour >>> 8;
      rgb[to++] = colour;
    }
  }
}

/** The colour of every pixel of a tile, written into `target`, which is given back. */
export function coloursOf(tile: Tile, size: PictureSize, target: Uint32Array): Uint32Array {
  const { width, height } = size;
  if (tile.kind === 'flat') return target.fill(tile.colour, 0, width * height);
  if (tile.kind === 'full') target.set(tile.colours);
  else if (tile.kind === 'palette') {
    for (const [at, index] of tile.indexes.entries()) target[at] = tile.colours[index] ?? 0;
  } else {
    const across = Math.ceil(width / tile.block);
    for (let at = 0; at < width * height; at++) {
      const row = Math.floor(Math.floor(at / width) / tile.block);
      target[at] = tile.colours[row * across + Math.floor((at % width) / tile.block)] ?? 0;
    }
  }
  return target;
}
