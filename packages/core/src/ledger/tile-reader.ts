// Reads single hashes of a ledger out of its tiles. What it returns is only as true as the tiles:
// proofs made from it are checked against a checkpoint before anyone believes them.
import { HandrailError } from '../errors/index.ts';
import { hashBytes, rootOf } from './hash.ts';
import { checkSize, type Tile, tileAt, tilePath, tileWidth } from './tile.ts';

/** Where a ledger's files come from. Undefined when there is no such file. */
export interface LedgerReader {
  readTile(path: string): Promise<Uint8Array | undefined>;
}

/** Hash of the complete subtree of 2^height leaves that has `index` such subtrees before it. */
export type HashReader = (height: number, index: number) => Promise<Uint8Array>;

const tileHeight = 8;
/** Tiles that one reader keeps (8 KiB each). */
const tilesKeptMax = 64;

/** The hashes of a ledger of `size` entries. Throws `ledger.unverified` for a missing tile. */
export function tileHashReader(reader: LedgerReader, size: number): HashReader {
  checkSize(size);
  const kept = new Map<string, Promise<Uint8Array[]>>();
  return async (height, index) => {
    const level = Math.floor(height / tileHeight);
    const count = 2 ** (height % tileHeight);
    const first = index * count;
    const tile = tileAt(level, Math.floor(first / tileWidth), size);
    if (tile === undefined) throw outside();
    const path = tilePath(tile);
    const hashes = kept.get(path) ?? readHashes(reader, tile);
    if (kept.size >= tilesKeptMax) kept.clear();
    kept.set(path, hashes);
    const wanted = (await hashes).slice(first % tileWidth, (first % tileWidth) + count);
    if (wanted.length !== count) throw outside();
    return rootOf(wanted);
  };
}

/** The hashes of one tile. Throws `ledger.unverified` if it is missing or of another length. */
export async function readHashes(reader: LedgerReader, tile: Tile): Promise<Uint8Array[]> {
  const bytes = await readPartial(reader, tile);
  if (bytes?.length !== tile.width * hashBytes) {
    throw new HandrailError('ledger.unverified', `Get ${tilePath(tile)}: it is missing or cut.`);
  }
  return splitHashes(bytes);
}

// A log may drop a partial tile once the full one exists, so the full one is the second choice.
async function readPartial(reader: LedgerReader, tile: Tile): Promise<Uint8Array | undefined> {
  const bytes = await reader.readTile(tilePath(tile));
  if (bytes !== undefined || tile.width === tileWidth) return bytes;
  const full = await reader.readTile(tilePath({ ...tile, width: tileWidth }));
  return full?.slice(0, tile.width * hashBytes);
}

/** Bytes cut into 32-byte hashes; the length must be a multiple of 32. */
export function splitHashes(bytes: Uint8Array): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += hashBytes) hashes.push(bytes.slice(at, at + hashBytes));
  return hashes;
}

function outside(): HandrailError {
  return new HandrailError('input.invalid', 'Ask only for hashes inside the ledger.');
}
