// Says whether an entry is in a ledger, and whether a ledger only grew (RFC 6962 section 2.1),
// following the recursion in which the RFC defines the proofs.
import { equalBytes } from '../bytes/index.ts';
import { emptyRoot, hashBytes, nodeHash } from './hash.ts';
import { isLedgerSize } from './tile.ts';

/** The most hashes a proof may have; C2SP tlog-witness sets the same limit. */
export const proofHashesMax = 63;

export type Proof = readonly Uint8Array[];

export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** The largest power of two below `size` (2 or more): where RFC 6962 splits a tree. */
export function splitOf(size: number): number {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
}

/** True only if `proof` shows that entry `index` of `head` has the hash `leaf`. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  head: TreeHead,
  proof: Proof,
): boolean {
  if (!isLedgerSize(head.size) || !isLedgerSize(index) || index >= head.size) return false;
  if (leaf.length !== hashBytes || !wellFormed(proof)) return false;
  const root = inclusionRoot(leaf, index, head.size, proof);
  return root !== undefined && equalBytes(root, head.root);
}

function inclusionRoot(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: Proof,
): Uint8Array | undefined {
  const outer = proof.at(-1);
  if (size === 1) return outer === undefined ? leaf : undefined;
  if (outer === undefined) return undefined;
  const split = splitOf(size);
  const inner = proof.slice(0, -1);
  if (index < split) {
    const left = inclusionRoot(leaf, index, split, inner);
    return left && nodeHash(left, outer);
  }
  const right = inclusionRoot(leaf, index - split, size - split, inner);
  return right && nodeHash(outer, right);
}

/** True only if `proof` shows that the entries of `older` are the first entries of `newer`. */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: Proof): boolean {
  if (!isLedgerSize(older.size) || !isLedgerSize(newer.size)) return false;
  if (older.size > newer.size || !wellFormed(proof)) return false;
  if (older.root.length !== hashBytes || newer.root.length !== hashBytes) return false;
  if (older.size === newer.size) {
    return proof.length === 0 && equalBytes(older.root, newer.root);
  }
  if (older.size === 0) return proof.length === 0 && equalBytes(older.root, emptyRoot);
  const roots = consistencyRoots(older.size, newer.size, proof, older.root);
  return (
    roots !== undefined &&
    equalBytes(roots.older, older.root) &&
    equalBytes(roots.newer, newer.root)
  );
}

interface Roots {
  readonly older: Uint8Array;
  readonly newer: Uint8Array;
}

/** `known` is the older root as long as the subtree at hand is the whole older tree. */
function consistencyRoots(
  older: number,
  newer: number,
  proof: Proof,
  known: Uint8Array | undefined,
): Roots | undefined {
  if (older === newer) return wholeSubtree(proof, known);
  const outer = proof.at(-1);
  if (outer === undefined) return undefined;
  const inner = proof.slice(0, -1);
  const split = splitOf(newer);
  if (older <= split) {
    const left = consistencyRoots(older, split, inner, known);
    return left && { older: left.older, newer: nodeHash(left.newer, outer) };
  }
  const right = consistencyRoots(older - split, newer - split, inner, undefined);
  return right && { older: nodeHash(outer, right.older), newer: nodeHash(outer, right.newer) };
}

function wholeSubtree(proof: Proof, known: Uint8Array | undefined): Roots | undefined {
  if (known !== undefined) return proof.length === 0 ? { older: known, newer: known } : undefined;
  const [only] = proof;
  return only && proof.length === 1 ? { older: only, newer: only } : undefined;
}

function wellFormed(proof: Proof): boolean {
  return proof.length <= proofHashesMax && proof.every((hash) => hash.length === hashBytes);
}
