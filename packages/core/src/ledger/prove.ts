// Makes the proofs that `proof.ts` checks, from any source of subtree hashes.
import { HandrailError } from '../errors/index.ts';
import { emptyRoot, nodeHash, rootOf } from './hash.ts';
import { type Proof, splitOf } from './proof.ts';
import { checkSize, tileWidth } from './tile.ts';
import type { HashReader } from './tile-reader.ts';

/** Entries `from` up to, but not with, `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Root of the first `size` entries. */
export async function treeRoot(read: HashReader, size: number): Promise<Uint8Array> {
  checkSize(size);
  return size === 0 ? emptyRoot : rangeRoot(read, { from: 0, to: size });
}

/** Proof that entry `index` is in the ledger of `size` entries. Throws `input.invalid`. */
export async function proveInclusion(
  read: HashReader,
  index: number,
  size: number,
): Promise<Proof> {
  checkIndex(index, size);
  return rangeRoots(read, inclusionRanges(index, { from: 0, to: size }));
}

/** Proof that bundle `index` as a whole is in the ledger: a proof over bundles as leaves. */
export async function proveBundle(read: HashReader, index: number, size: number): Promise<Proof> {
  const bundles = Math.ceil(size / tileWidth);
  checkIndex(index, bundles);
  const ranges = inclusionRanges(index, { from: 0, to: bundles });
  const entries = ranges.map(({ from, to }) => ({
    from: from * tileWidth,
    to: Math.min(to * tileWidth, size),
  }));
  return rangeRoots(read, entries);
}

/** Proof that the first `older` of `newer` entries did not change. Throws `input.invalid`. */
export async function proveConsistency(
  read: HashReader,
  older: number,
  newer: number,
): Promise<Proof> {
  checkSize(newer);
  checkSize(older);
  if (older > newer) {
    throw new HandrailError('input.invalid', 'Give the smaller ledger size first.');
  }
  if (older === 0) return [];
  return rangeRoots(read, consistencyRanges(older, { from: 0, to: newer }, true));
}

/** A small tree that is held in memory, such as the parts of one entry. */
export function treeOf(leaves: readonly Uint8Array[]): {
  readonly read: HashReader;
  readonly root: Uint8Array;
} {
  const read: HashReader = async (height, index) => {
    const width = 2 ** height;
    return rootOf(leaves.slice(index * width, (index + 1) * width));
  };
  return { read, root: rootOf(leaves) };
}

/** RFC 6962 section 2.1.1, PATH. */
function inclusionRanges(index: number, { from, to }: Range): Range[] {
  if (to - from === 1) return [];
  const split = from + splitOf(to - from);
  return index < split
    ? [...inclusionRanges(index, { from, to: split }), { from: split, to }]
    : [...inclusionRanges(index, { from: split, to }), { from, to: split }];
}

/** RFC 6962 section 2.1.2, SUBPROOF. */
function consistencyRanges(older: number, { from, to }: Range, whole: boolean): Range[] {
  if (older === to) return whole ? [] : [{ from, to }];
  const split = from + splitOf(to - from);
  return older <= split
    ? [...consistencyRanges(older, { from, to: split }, whole), { from: split, to }]
    : [...consistencyRanges(older, { from: split, to }, false), { from, to: split }];
}

function rangeRoots(read: HashReader, ranges: readonly Range[]): Promise<Uint8Array[]> {
  return Promise.all(ranges.map((range) => rangeRoot(read, range)));
}

async function rangeRoot(read: HashReader, { from, to }: Range): Promise<Uint8Array> {
  const count = to - from;
  if (count === 1) return read(0, from);
  const split = from + splitOf(count);
  if (split - from === count / 2) return read(heightOf(count), from / count);
  const [left, right] = await Promise.all([
    rangeRoot(read, { from, to: split }),
    rangeRoot(read, { from: split, to }),
  ]);
  return nodeHash(left, right);
}

/** The height of a complete subtree of `count` leaves. */
function heightOf(count: number): number {
  let height = 0;
  for (let leaves = count; leaves > 1; leaves /= 2) height += 1;
  return height;
}

function checkIndex(index: number, size: number): void {
  checkSize(size);
  checkSize(index);
  if (index >= size) throw new HandrailError('input.invalid', 'Give an index inside the ledger.');
}
