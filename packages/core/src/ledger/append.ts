// Grows a ledger: entries in, tiles and bundles to write out, and the new root. Pure: the caller
// writes the files durably first and signs the root afterwards.
import { concatBytes, equalBytes } from '../bytes/index.ts';
import { HandrailError } from '../errors/index.ts';
import { encodeBundle } from './bundle.ts';
import { readBundleEntries } from './bundle-reader.ts';
import { emptyRoot, leafHash, rootOf } from './hash.ts';
import type { TreeHead } from './proof.ts';
import {
  bundleAt,
  checkSize,
  ledgerSizeMax,
  tileAt,
  tileLevelsMax,
  tilePath,
  tileWidth,
} from './tile.ts';
import { type LedgerReader, readHashes } from './tile-reader.ts';

/** The most entries one append takes. */
export const appendEntriesMax = 65_536;

/** The right edge of a ledger: what is not yet in a full tile. All that growing it needs. */
export interface LogEdge {
  readonly size: number;
  /** For each level the hashes of its partial tile, 0 to 255. */
  readonly levels: readonly (readonly Uint8Array[])[];
  /** The entries of the partial bundle, 0 to 255. */
  readonly entries: readonly Uint8Array[];
}

/** `path` is relative to the ledger's folder, as in C2SP tlog-tiles. */
export interface LedgerFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Growth {
  readonly edge: LogEdge;
  readonly head: TreeHead;
  /** Full ones first, then the partial ones of the new size. */
  readonly files: readonly LedgerFile[];
}

export const emptyEdge: LogEdge = { size: 0, levels: [], entries: [] };

/**
 * Reads the right edge of a stored ledger. Throws `ledger.unverified` when the stored tiles or
 * the last bundle do not give `head.root`.
 */
export async function readEdge(reader: LedgerReader, head: TreeHead): Promise<LogEdge> {
  checkSize(head.size);
  const levels: Uint8Array[][] = [];
  for (let level = 0; level < tileLevelsMax; level++) {
    const tile = lastTile(level, head.size);
    levels.push(tile ? await readHashes(reader, tile) : []);
  }
  const last = Math.floor(head.size / tileWidth);
  const bundle = bundleAt(last, head.size);
  const entries = bundle ? await readBundleEntries(reader, bundle) : [];
  const edge = { size: head.size, levels, entries };
  const same = entries.every((entry, at) => equalBytes(leafHash(entry), levels[0]?.[at] ?? entry));
  if (!same || !equalBytes(edgeRoot(edge), head.root)) {
    throw new HandrailError('ledger.unverified', 'The stored tiles do not give the known root.');
  }
  return edge;
}

/** Root of the ledger that ends in `edge`. */
export function edgeRoot(edge: LogEdge): Uint8Array {
  let root: Uint8Array | undefined;
  for (const hashes of edge.levels) {
    const row = root === undefined ? hashes : [...hashes, root];
    root = row.length > 0 ? rootOf(row) : undefined;
  }
  return root ?? emptyRoot;
}

/**
 * Appends entries. Throws `input.too-large` for more than `appendEntriesMax` of them or one that
 * no bundle can hold.
 */
export function appendEntries(edge: LogEdge, entries: readonly Uint8Array[]): Growth {
  const grown = growFull(edge, entries);
  const head = { size: grown.edge.size, root: edgeRoot(grown.edge) };
  return { edge: grown.edge, head, files: [...grown.files, ...partialFiles(grown.edge)] };
}

/** Appends entries and gives only the files that are full now: for reading a ledger through. */
export function growFull(edge: LogEdge, entries: readonly Uint8Array[]): Omit<Growth, 'head'> {
  if (entries.length > appendEntriesMax || edge.size + entries.length > ledgerSizeMax) {
    throw new HandrailError('input.too-large', `Append at most ${appendEntriesMax} entries.`);
  }
  const files: LedgerFile[] = [];
  const levels = edge.levels.map((hashes) => [...hashes]);
  let bundle = [...edge.entries];
  let size = edge.size;
  for (const entry of entries) {
    bundle.push(entry);
    size += 1;
    push(levels, 0, leafHash(entry), size, files);
    if (bundle.length === tileWidth) {
      files.push(fullFile('entries', size, 0, encodeBundle(bundle)));
      bundle = [];
    }
  }
  // An entry too long for a bundle must fail here, not when its bundle is written.
  encodeBundle(bundle);
  return { edge: { size, levels, entries: bundle }, files };
}

function push(
  levels: Uint8Array[][],
  level: number,
  hash: Uint8Array,
  size: number,
  files: LedgerFile[],
): void {
  const hashes = levels[level] ?? [];
  levels[level] = hashes;
  hashes.push(hash);
  if (hashes.length < tileWidth) return;
  files.push(fullFile(level, size, level, concatBytes(...hashes)));
  levels[level] = [];
  push(levels, level + 1, rootOf(hashes), size, files);
}

/** The tile or bundle of `level` that entry number `size` has just completed. */
function fullFile(
  level: number | 'entries',
  size: number,
  height: number,
  bytes: Uint8Array,
): LedgerFile {
  const index = Math.floor(size / tileWidth ** (height + 1)) - 1;
  return { path: tilePath({ level, index, width: tileWidth }), bytes };
}

/** The partial tiles and the partial bundle of a ledger that ends in `edge`. */
export function partialFiles(edge: LogEdge): LedgerFile[] {
  const files: LedgerFile[] = [];
  const bundle = bundleAt(Math.floor(edge.size / tileWidth), edge.size);
  if (bundle) files.push({ path: tilePath(bundle), bytes: encodeBundle(edge.entries) });
  for (const [level, hashes] of edge.levels.entries()) {
    const tile = lastTile(level, edge.size);
    if (tile) files.push({ path: tilePath(tile), bytes: concatBytes(...hashes) });
  }
  return files;
}

/** The partial tile of `level`, if there is one. */
function lastTile(level: number, size: number) {
  const hashes = Math.floor(size / tileWidth ** level);
  return tileAt(level, Math.floor(hashes / tileWidth), size);
}
