// The arity-16 key tree. A change rewrites the paths it touches under fresh keys and rotates the
// root: what was taken out can never be opened again, from whatever copy, and all else still can.
import { createHash } from 'node:crypto';
import { HandrailError } from '@handrail/core/errors';
import { type Turns, takeTurns } from '../folder/turns.ts';
import {
  endJournal,
  type KeyRoot,
  readJournal,
  readKeyRoot,
  replaceKeyRoot,
  writeJournal,
} from './key-root.ts';
import { arity, type NodeLink, newNodeLink, openNode, sealNode } from './key-tree-node.ts';
import type { NodeStore } from './node-store.ts';

export const leafEditsMax = 100_000;
const depthMax = 64;

/** `edit` gets the leaf's content, or undefined, and gives what it becomes; undefined shreds it. */
export interface LeafEdit {
  readonly name: string;
  readonly edit: (content: Uint8Array | undefined) => Uint8Array | undefined;
}

interface Leaf {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What one change writes and what it makes superfluous. */
interface Rewrite {
  readonly put: Map<string, Uint8Array>;
  readonly drop: string[];
}

export class KeyTree {
  readonly #folder: string;
  readonly #store: NodeStore;
  readonly #inTurn: Turns = takeTurns();
  #root: KeyRoot;
  #settled = false;

  private constructor(folder: string, store: NodeStore, root: KeyRoot) {
    this.#folder = folder;
    this.#store = store;
    this.#root = root;
  }

  /** Opens the tree whose root lies in `folder`. Throws `storage.broken` for a damaged root. */
  static async open(folder: string, store: NodeStore): Promise<KeyTree> {
    return new KeyTree(folder, store, await readKeyRoot(folder));
  }

  get generation(): number {
    return this.#root.generation;
  }

  /** The content of a leaf, or undefined. Throws `seal.broken`, `keys.unknown` for a lost node. */
  read(name: string): Promise<Uint8Array | undefined> {
    return this.#inTurn(async () => {
      const path = pathOf(name);
      let link = this.#root.link;
      for (let depth = 0; link !== undefined; depth++) {
        const node = await openNode(link, await this.#fetch(link.name));
        if (node.kind === 'leaf') return node.name === name ? node.content : undefined;
        link = node.children[path[depth] ?? 0];
      }
      return undefined;
    });
  }

  /** Applies all edits in one rewrite. When it returns, the older root is gone for good. */
  change(edits: readonly LeafEdit[]): Promise<void> {
    if (edits.length > leafEditsMax) {
      throw new HandrailError('input.too-large', `Change at most ${leafEditsMax} leaves at once.`);
    }
    return this.#inTurn(async () => {
      if (!this.#settled) await this.#settle();
      const rewrite: Rewrite = { put: new Map(), drop: [] };
      const before = this.#root.link;
      const link = await this.#rewrite(before, 0, edits, rewrite);
      if (link !== before) await this.#commit(link, rewrite);
    });
  }

  // New nodes stand beside the old ones until the root points at them. Whenever this stops, one
  // of the two roots is on disk whole, and the journal names what the other one leaves behind.
  async #commit(link: NodeLink | undefined, { put, drop }: Rewrite): Promise<void> {
    const generation = this.#root.generation + 1;
    this.#settled = false;
    await writeJournal(this.#folder, { generation, put: [...put.keys()], drop });
    await this.#store.put(put);
    await replaceKeyRoot(this.#folder, { generation, link });
    this.#root.link?.key.fill(0);
    this.#root = { generation, link };
    // The rotation has happened: nodes that cannot be dropped now are dropped before the next one.
    await this.#settle().catch(() => undefined);
  }

  /** Ends a change that was cut off: drops what the root on disk does not need. */
  async #settle(): Promise<void> {
    this.#root = await readKeyRoot(this.#folder);
    const journal = await readJournal(this.#folder);
    if (journal !== undefined) {
      const happened = journal.generation === this.#root.generation;
      await this.#store.drop(happened ? journal.drop : journal.put);
      await endJournal(this.#folder);
    }
    this.#settled = true;
  }

  async #rewrite(
    link: NodeLink | undefined,
    depth: number,
    edits: readonly LeafEdit[],
    rewrite: Rewrite,
  ): Promise<NodeLink | undefined> {
    if (edits.length === 0) return link;
    if (link === undefined) return this.#build(edited([], edits).leaves, depth, rewrite);
    const node = await openNode(link, await this.#fetch(link.name));
    if (node.kind === 'branch') {
      const children = await this.#rewriteEach(node.children, depth, edits, rewrite);
      if (children.every((child, slot) => child === node.children[slot])) return link;
      rewrite.drop.push(link.name);
      if (children.every((child) => child === undefined)) return undefined;
      return this.#put({ kind: 'branch', children }, rewrite);
    }
    const { leaves, changed } = edited([node], edits);
    if (!changed) return link;
    rewrite.drop.push(link.name);
    return this.#build(leaves, depth, rewrite);
  }

  async #rewriteEach(
    children: readonly (NodeLink | undefined)[],
    depth: number,
    edits: readonly LeafEdit[],
    rewrite: Rewrite,
  ): Promise<readonly (NodeLink | undefined)[]> {
    const bySlot = Array.from({ length: arity }, (): LeafEdit[] => []);
    for (const edit of edits) bySlot[pathOf(edit.name)[depth] ?? 0]?.push(edit);
    const next: (NodeLink | undefined)[] = [];
    for (const [slot, child] of children.entries()) {
      next.push(await this.#rewrite(child, depth + 1, bySlot[slot] ?? [], rewrite));
    }
    return next;
  }

  async #build(
    leaves: readonly Leaf[],
    depth: number,
    rewrite: Rewrite,
  ): Promise<NodeLink | undefined> {
    const [first] = leaves;
    if (first === undefined) return undefined;
    if (leaves.length === 1) return this.#put({ kind: 'leaf', ...first }, rewrite);
    if (depth >= depthMax) throw new HandrailError('internal', 'The key tree is too deep.');
    const bySlot = Array.from({ length: arity }, (): Leaf[] => []);
    for (const leaf of leaves) bySlot[pathOf(leaf.name)[depth] ?? 0]?.push(leaf);
    const children: (NodeLink | undefined)[] = [];
    for (const group of bySlot) children.push(await this.#build(group, depth + 1, rewrite));
    return this.#put({ kind: 'branch', children }, rewrite);
  }

  async #put(node: Parameters<typeof sealNode>[1], rewrite: Rewrite): Promise<NodeLink> {
    const link = newNodeLink();
    rewrite.put.set(link.name, await sealNode(link, node));
    return link;
  }

  async #fetch(name: string): Promise<Uint8Array> {
    const sealed = (await this.#store.get([name])).get(name);
    if (sealed !== undefined) return sealed;
    throw new HandrailError('keys.unknown', 'The server has lost or withholds a key-tree node.');
  }
}

function edited(before: readonly Leaf[], edits: readonly LeafEdit[]) {
  const leaves = new Map(before.map(({ name, content }) => [name, content]));
  let changed = false;
  for (const { name, edit } of edits) {
    const old = leaves.get(name);
    const content = edit(old);
    if (content === old) continue;
    changed = true;
    if (content === undefined) leaves.delete(name);
    else leaves.set(name, content);
  }
  return { leaves: [...leaves].map(([name, content]) => ({ name, content })), changed };
}

/** The 64 nibbles of the name's SHA-256: which child to take at each depth. */
function pathOf(name: string): Uint8Array {
  const digest = createHash('sha256').update(name).digest();
  return Uint8Array.from({ length: depthMax }, (_, at) => {
    const byte = digest[at >> 1] ?? 0;
    return at % 2 === 0 ? byte >> 4 : byte & 15;
  });
}
