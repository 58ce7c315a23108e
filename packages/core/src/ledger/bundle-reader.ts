// Reads entries out of a ledger's bundles, and gives none away that the checkpoint does not cover.
import { HandrailError } from '../errors/index.ts';
import { decodeBundle } from './bundle.ts';
import { leafHash, rootOf } from './hash.ts';
import { type TreeHead, verifyInclusion } from './proof.ts';
import { proveBundle } from './prove.ts';
import { bundleAt, type Tile, tilePath, tileWidth } from './tile.ts';
import { type HashReader, type LedgerReader, tileHashReader } from './tile-reader.ts';

export interface IndexedEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/**
 * The entries from `from` to the end of `head`, in order, each proven to be in `head` before it
 * is given out. Throws `ledger.unverified`.
 */
export async function* readEntries(
  reader: LedgerReader,
  head: TreeHead,
  from = 0,
): AsyncGenerator<IndexedEntry> {
  const hashes = tileHashReader(reader, head.size);
  for (let index = Math.floor(from / tileWidth); index * tileWidth < head.size; index++) {
    const entries = await provenBundle(reader, hashes, head, index);
    for (const [at, bytes] of entries.entries()) {
      const entry = index * tileWidth + at;
      if (entry >= from) yield { index: entry, bytes };
    }
  }
}

async function provenBundle(
  reader: LedgerReader,
  hashes: HashReader,
  head: TreeHead,
  index: number,
): Promise<Uint8Array[]> {
  const bundle = bundleAt(index, head.size);
  if (bundle === undefined) return [];
  const entries = await readBundleEntries(reader, bundle);
  const proof = await proveBundle(hashes, index, head.size);
  const bundles = { size: Math.ceil(head.size / tileWidth), root: head.root };
  if (!verifyInclusion(rootOf(entries.map(leafHash)), index, bundles, proof)) {
    throw new HandrailError('ledger.unverified', `${tilePath(bundle)} is not what was signed.`);
  }
  return entries;
}

/** One bundle's entries, unproven. Throws `ledger.unverified` if it is missing or malformed. */
export async function readBundleEntries(reader: LedgerReader, bundle: Tile): Promise<Uint8Array[]> {
  const exact = await reader.readTile(tilePath(bundle));
  const bytes = exact ?? (await reader.readTile(tilePath({ ...bundle, width: tileWidth })));
  const entries = bytes && decodeBundle(bytes);
  const usable = entries?.length === bundle.width || (exact === undefined && entries !== undefined);
  const wanted = usable ? entries?.slice(0, bundle.width) : undefined;
  if (wanted?.length !== bundle.width) {
    throw new HandrailError('ledger.unverified', `Get ${tilePath(bundle)}: missing or damaged.`);
  }
  return wanted;
}
