// The bytes of one key-tree node. A branch holds up to 16 children, each by name with the key that
// opens it; a leaf holds its own name and its content. Sealed under a key used for it alone.
import { concatBytes, fromUtf8, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { decryptWithNonce, encryptWithNonce, randomBytes } from '@handrail/core/seal';

export const arity = 16;
export const nodeKeyBytes = 32;
const nameBytes = 16;
const branchByte = 1;
const leafByte = 2;
const leafNameBytesMax = 200;
export const leafBytesMax = 256 * 1024;

/** Where a child is kept, and the key that opens it (32 bytes). */
export interface NodeLink {
  readonly name: string;
  readonly key: Uint8Array;
}

export type TreeNode =
  | { readonly kind: 'branch'; readonly children: readonly (NodeLink | undefined)[] }
  | { readonly kind: 'leaf'; readonly name: string; readonly content: Uint8Array };

export function newNodeLink(): NodeLink {
  return { name: toHex(randomBytes(nameBytes)), key: randomBytes(nodeKeyBytes) };
}

/** Seals a node under its link's key, bound to its link's name. */
export async function sealNode(link: NodeLink, node: TreeNode): Promise<Uint8Array> {
  const plain = encodeNode(node);
  const sealed = await encryptWithNonce(link.key, aadOf(link.name), plain);
  plain.fill(0);
  return sealed;
}

/** Throws `seal.broken` for bytes that are not this node. */
export async function openNode(link: NodeLink, sealed: Uint8Array): Promise<TreeNode> {
  return decodeNode(await decryptWithNonce(link.key, aadOf(link.name), sealed));
}

function aadOf(name: string): Uint8Array {
  return utf8(`handrail/key-tree/v1\n${name}`);
}

export function encodeNode(node: TreeNode): Uint8Array {
  return node.kind === 'leaf' ? encodeLeaf(node.name, node.content) : encodeBranch(node.children);
}

function encodeLeaf(name: string, content: Uint8Array): Uint8Array {
  const bytes = utf8(name);
  if (bytes.length > leafNameBytesMax || content.length > leafBytesMax) {
    throw new HandrailError('input.too-large', 'A key-tree leaf has at most 256 KiB.');
  }
  return concatBytes(Uint8Array.of(leafByte, bytes.length), bytes, content);
}

function encodeBranch(children: readonly (NodeLink | undefined)[]): Uint8Array {
  let bitmap = 0;
  const parts: Uint8Array[] = [];
  for (const [at, child] of children.entries()) {
    if (child === undefined) continue;
    bitmap |= 1 << at;
    parts.push(Buffer.from(child.name, 'hex'), child.key);
  }
  return concatBytes(Uint8Array.of(branchByte, bitmap >> 8, bitmap & 0xff), ...parts);
}

/** Throws `format.unknown` for bytes that no node has. */
export function decodeNode(bytes: Uint8Array): TreeNode {
  const node = bytes[0] === leafByte ? decodeLeaf(bytes) : decodeBranch(bytes);
  if (node === undefined) {
    throw new HandrailError('format.unknown', 'The bytes are no key-tree node.');
  }
  return node;
}

function decodeLeaf(bytes: Uint8Array): TreeNode | undefined {
  const length = bytes[1] ?? 0;
  if (bytes.length < 2 + length || length > leafNameBytesMax) return undefined;
  return {
    kind: 'leaf',
    name: fromUtf8(bytes.subarray(2, 2 + length)),
    content: bytes.slice(2 + length),
  };
}

function decodeBranch(bytes: Uint8Array): TreeNode | undefined {
  if (bytes[0] !== branchByte || bytes.length < 3) return undefined;
  const bitmap = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  const children: (NodeLink | undefined)[] = [];
  let at = 3;
  for (let slot = 0; slot < arity; slot++) {
    if ((bitmap & (1 << slot)) === 0) {
      children.push(undefined);
      continue;
    }
    const keyAt = at + nameBytes;
    const key = bytes.slice(keyAt, keyAt + nodeKeyBytes);
    children.push({ name: toHex(bytes.subarray(at, keyAt)), key });
    at = keyAt + nodeKeyBytes;
  }
  return at === bytes.length ? { kind: 'branch', children } : undefined;
}
