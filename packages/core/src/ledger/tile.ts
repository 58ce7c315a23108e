// Where the hashes and entries of a ledger lie: the paths and widths of C2SP tlog-tiles, as pure
// arithmetic on the ledger's size.
import { HandrailError } from '../errors/index.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256;
/** The most entries a ledger may have; keeps all arithmetic exact in a JavaScript number. */
export const ledgerSizeMax = 2 ** 48;
/** Levels of tiles that a ledger of `ledgerSizeMax` entries has. */
export const tileLevelsMax = 7;

/** One tile or entry bundle: `index` counts from 0 within its level, `width` is 1 to 256. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

/** `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]` as C2SP tlog-tiles writes it. */
export function tilePath({ level, index, width }: Tile): string {
  const partial = width === tileWidth ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

/** Index 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const threes: string[] = [];
  let rest = index;
  do {
    threes.unshift(String(rest % 1000).padStart(3, '0'));
    rest = Math.floor(rest / 1000);
  } while (rest > 0);
  return threes.map((three, at) => (at < threes.length - 1 ? `x${three}` : three)).join('/');
}

/** How many hashes of `level` a ledger of `size` entries has. */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** The tile `index` of `level` in a ledger of `size` entries; undefined if it has no hash yet. */
export function tileAt(level: number, index: number, size: number): Tile | undefined {
  const width = Math.min(tileWidth, hashesAt(level, size) - index * tileWidth);
  return width > 0 ? { level, index, width } : undefined;
}

/** The entry bundle `index` in a ledger of `size` entries; undefined beyond its end. */
export function bundleAt(index: number, size: number): Tile | undefined {
  const width = Math.min(tileWidth, size - index * tileWidth);
  return width > 0 ? { level: 'entries', index, width } : undefined;
}

/** Every tile and bundle of a ledger of `size` entries, as an export holds them. */
export function* tilesOf(size: number): Generator<Tile> {
  checkSize(size);
  for (let index = 0; index * tileWidth < size; index++) {
    const bundle = bundleAt(index, size);
    if (bundle) yield bundle;
  }
  for (let level = 0; hashesAt(level, size) > 0; level++) {
    for (let index = 0; index * tileWidth < hashesAt(level, size); index++) {
      const tile = tileAt(level, index, size);
      if (tile) yield tile;
    }
  }
}

/** Throws `input.invalid` for what cannot be the size of a ledger. */
export function checkSize(size: number): void {
  if (!isLedgerSize(size)) throw new HandrailError('input.invalid', 'Give a ledger size.');
}

export function isLedgerSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0 && size <= ledgerSizeMax;
}
