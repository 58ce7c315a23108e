// The parts of one entry as a tree of salted commitments, so that each participant can check theirs
// against what the entry commits to without seeing another's.
import { fromBase64url, toBase64url, utf8 } from '../bytes/index.ts';
import { canonicalBytes } from '../canonical-json/index.ts';
import {
  commitment,
  leafHash,
  proveInclusion,
  type TreeHead,
  treeOf,
  verifyInclusion,
} from '../ledger/index.ts';
import type { OpeningPart } from './opening.ts';

export interface SaltedPart {
  /** 32 bytes, never used again. */
  readonly salt: Uint8Array;
  readonly part: OpeningPart;
}

/** Where a part stands, with the hashes that prove it. */
export interface PartProof {
  readonly index: number;
  readonly hashes: readonly string[];
}

export interface PartsTree {
  readonly parts: { readonly size: number; readonly root: string };
  /** In the order of the parts. */
  readonly proofs: readonly PartProof[];
}

export async function partsTree(parts: readonly SaltedPart[]): Promise<PartsTree> {
  const { read, root } = treeOf(parts.map(leafOf));
  const proofs = await Promise.all(
    parts.map(async (_part, index) => {
      const hashes = await proveInclusion(read, index, parts.length);
      return { index, hashes: hashes.map(toBase64url) };
    }),
  );
  return { parts: { size: parts.length, root: toBase64url(root) }, proofs };
}

/** Whether `part` is one of those that `parts` stands for. */
export function isPartOf(
  { size, root }: PartsTree['parts'],
  part: SaltedPart,
  { index, hashes }: PartProof,
): boolean {
  const head: TreeHead = { size, root: fromBase64url(root) };
  return verifyInclusion(leafOf(part), index, head, hashes.map(fromBase64url));
}

function leafOf({ salt, part }: SaltedPart): Uint8Array {
  return leafHash(utf8(commitment(salt, canonicalBytes(part))));
}
