// From pixels to tiles. A tile whose pixels are those of the picture before is that very tile, so
// that what did not change is neither kept nor written twice.
import {
  type Picture,
  type PictureSize,
  paletteColoursMax,
  type Tile,
  type TilePlace,
  tileEdge,
  tilePlaces,
} from './picture.ts';

/** Raw pixels of a band of rows; only the lower 24 bits of each word are a colour, `0xrrggbb`. */
export interface Rows extends PictureSize {
  readonly pixels: Uint32Array;
}

/** The tiles of one row of tiles. `before`: those of the same row, in the picture before. */
export function tileRows(rows: Rows, before?: readonly Tile[]): readonly Tile[] {
  return tilePlaces(rows).map((place, at) => {
    const old = before?.[at];
    return old && shows(old, rows, place) ? old : tileOfColours(cut(rows, place));
  });
}

/** The tiles of a row of tiles of `picture`, for `tileRows`. */
export function rowOfTiles({ width, tiles }: Picture, row: number): readonly Tile[] {
  const across = Math.ceil(width / tileEdge);
  return tiles.slice(row * across, (row + 1) * across);
}

const colourMask = 0xff_ffff;
const slots = 1024;
const hashFactor = 0x9e37_79b1;
const hashShift = 22;

/** The simplest tile that shows `colours`, one a pixel; it may keep them. */
export function tileOfColours(colours: Uint32Array): Tile {
  const [colour = 0] = colours;
  if (colours.every((each) => each === colour)) return { kind: 'flat', colour };
  return paletteOf(colours) ?? { kind: 'full', colours };
}

function cut({ pixels, width }: Rows, place: TilePlace): Uint32Array {
  const colours = new Uint32Array(place.width * place.height);
  let to = 0;
  for (let y = place.y; y < place.y + place.height; y++) {
    const from = y * width + place.x;
    for (let at = from; at < from + place.width; at++) {
      colours[to++] = (pixels[at] ?? 0) & colourMask;
    }
  }
  return colours;
}

/** Undefined where there are more colours than a palette holds. */
function paletteOf(pixels: Uint32Array): Tile | undefined {
  // An open hash table of colours plus one, so that zero is a free slot.
  const table = new Uint32Array(slots);
  const numbers = new Uint8Array(slots);
  const colours = new Uint32Array(paletteColoursMax);
  const indexes = new Uint8Array(pixels.length);
  let count = 0;
  let last = -1;
  let index = 0;
  for (let at = 0; at < pixels.length; at++) {
    const colour = pixels[at] ?? 0;
    if (colour !== last) {
      last = colour;
      let slot = Math.imul(colour, hashFactor) >>> hashShift;
      while (table[slot] !== 0 && table[slot] !== colour + 1) slot = (slot + 1) % slots;
      if (table[slot] === 0) {
        if (count === paletteColoursMax) return undefined;
        table[slot] = colour + 1;
        numbers[slot] = count;
        colours[count++] = colour;
      }
      index = numbers[slot] ?? 0;
    }
    indexes[at] = index;
  }
  return { kind: 'palette', colours: colours.slice(0, count), indexes };
}

/** True when exactly these pixels are what the tile shows. */
function shows(tile: Tile, { pixels, width }: Rows, place: TilePlace): boolean {
  if (tile.kind === 'coarse') return false;
  for (let row = 0; row < place.height; row++) {
    const from = (place.y + row) * width + place.x;
    const number = row * place.width;
    const isSame =
      tile.kind === 'flat'
        ? isFlat(pixels, from, place.width, tile.colour)
        : tile.kind === 'full'
          ? isRun(pixels, from, place.width, tile.colours, number)
          : isIndexed(pixels, from, place.width, tile, number);
    if (!isSame) return false;
  }
  return true;
}

// Loops over every pixel of every frame: each with nothing to decide but whether to go on.
function isFlat(pixels: Uint32Array, from: number, count: number, colour: number): boolean {
  for (let at = from; at < from + count; at++) {
    if (((pixels[at] ?? 0) & colourMask) !== colour) return false;
  }
  return true;
}

function isRun(
  pixels: Uint32Array,
  from: number,
  count: number,
  colours: Uint32Array,
  number: number,
): boolean {
  for (let at = 0; at < count; at++) {
    if (((pixels[from + at] ?? 0) & colourMask) !== colours[number + at]) return false;
  }
  return true;
}

function isIndexed(
  pixels: Uint32Array,
  from: number,
  count: number,
  { colours, indexes }: Extract<Tile, { kind: 'palette' }>,
  number: number,
): boolean {
  for (let at = 0; at < count; at++) {
    const wanted = colours[indexes[number + at] ?? 0];
    if (((pixels[from + at] ?? 0) & colourMask) !== wanted) return false;
  }
  return true;
}

/** Whether two tiles are written alike. */
export function sameTile(a: Tile, b: Tile): boolean {
  if (a === b) return true;
  if (a.kind === 'flat' || b.kind === 'flat') {
    return a.kind === 'flat' && b.kind === 'flat' && a.colour === b.colour;
  }
  if (a.kind === 'coarse' && b.kind === 'coarse' && a.block !== b.block) return false;
  if (a.kind !== b.kind || !sameNumbers(a.colours, b.colours)) return false;
  return a.kind !== 'palette' || b.kind !== 'palette' || sameNumbers(a.indexes, b.indexes);
}

function sameNumbers(a: Uint32Array | Uint8Array, b: Uint32Array | Uint8Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
