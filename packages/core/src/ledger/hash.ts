// RFC 6962 section 2.1: one hash for a leaf, another for a node, so that neither can pass for the
// other.
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes/index.ts';

export const hashBytes = 32;

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** The root of a ledger without entries. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0));

/** 32-byte RFC 6962 hash of one entry's bytes. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(concatBytes(leafPrefix, entry));
}

/** 32-byte RFC 6962 hash of two neighbouring subtrees. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(nodePrefix, left, right));
}

/**
 * Root of neighbouring subtrees. All but the last must be complete and of one height, and the last
 * no higher. Pairing neighbours and letting an odd one rise gives the tree of RFC 6962.
 */
export function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) row = pairUp(row);
  return row[0] ?? emptyRoot;
}

function pairUp(row: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < row.length; at += 2) {
    const [left, right] = [row[at], row[at + 1]];
    if (left !== undefined) above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}
