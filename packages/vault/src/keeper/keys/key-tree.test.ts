import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@handrail/core/bytes';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readKeyRoot } from './key-root.ts';
import { KeyTree, type LeafEdit } from './key-tree.ts';
import { decodeNode, encodeNode, newNodeLink, openNode, sealNode } from './key-tree-node.ts';
import type { NodeStore } from './node-store.ts';

class Cut extends Error {}

/** A store that stops at one call, before or after it has its effect. */
class MemoryStore implements NodeStore {
  readonly nodes: Map<string, Uint8Array>;
  /** Every node that was ever stored: what backups hold. */
  readonly ever = new Map<string, Uint8Array>();
  calls = 0;
  cutAt: number | undefined;
  effectFirst = false;

  constructor(nodes: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.nodes = new Map(nodes);
  }

  async get(names: readonly string[]) {
    const found = names.flatMap((name) => {
      const bytes = this.nodes.get(name);
      return bytes === undefined ? [] : [[name, bytes] as const];
    });
    return new Map(found);
  }

  put(nodes: ReadonlyMap<string, Uint8Array>) {
    return this.#write(() => {
      for (const [name, bytes] of nodes) {
        this.nodes.set(name, bytes);
        this.ever.set(name, bytes);
      }
    });
  }

  drop(names: readonly string[]) {
    return this.#write(() => {
      for (const name of names) this.nodes.delete(name);
    });
  }

  async #write(effect: () => void) {
    const cut = this.calls++ === this.cutAt;
    if (!cut || this.effectFirst) effect();
    if (cut) throw new Cut();
  }
}

let folder: string;
let store: MemoryStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'key-tree-'));
  store = new MemoryStore();
});
afterEach(() => rm(folder, { recursive: true }));

const set = (name: string, text = name): LeafEdit => ({ name, edit: () => utf8(text) });
const shred = (name: string): LeafEdit => ({ name, edit: () => undefined });
const names = Array.from({ length: 60 }, (_, at) => `leaf ${at}`);

async function grown(): Promise<KeyTree> {
  const tree = await KeyTree.open(folder, store);
  await tree.change(names.map((name) => set(name)));
  return tree;
}

test('a node opens only whole, under its own name and key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 40 }), fc.uint8Array(), async (name, content) => {
      const link = newNodeLink();
      const node = { kind: 'leaf', name, content } as const;
      const sealed = await sealNode(link, node);
      expect(await openNode(link, sealed)).toEqual(node);
      const other = newNodeLink();
      await expect(openNode({ ...link, name: other.name }, sealed)).rejects.toThrow();
      await expect(openNode({ ...link, key: other.key }, sealed)).rejects.toThrow();
    }),
    { numRuns: 50 },
  );
});

test('a branch keeps which children it has', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }), (slots) => {
      const children = slots.map((there) => (there ? newNodeLink() : undefined));
      const node = { kind: 'branch', children } as const;
      expect(decodeNode(encodeNode(node))).toEqual(node);
    }),
  );
});

test('the tree holds what a map would hold, also after opening it again', async () => {
  const edit = fc.record({
    name: fc.integer({ min: 0, max: 40 }).map((at) => `leaf ${at}`),
    text: fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
  });
  const batches = fc.array(fc.array(edit, { maxLength: 12 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(batches, async (changes) => {
      const place = await mkdtemp(join(folder, 'run-'));
      const blobs = new MemoryStore();
      const model = new Map<string, string>();
      const tree = await KeyTree.open(place, blobs);
      for (const batch of changes) {
        await tree.change(
          batch.map(({ name, text }) => (text === undefined ? shred(name) : set(name, text))),
        );
        for (const { name, text } of batch) {
          if (text === undefined) model.delete(name);
          else model.set(name, text);
        }
      }
      const again = await KeyTree.open(place, blobs);
      for (let at = 0; at <= 40; at++) {
        const text = model.get(`leaf ${at}`);
        expect(await again.read(`leaf ${at}`)).toEqual(text === undefined ? undefined : utf8(text));
      }
      if (model.size === 0) expect(blobs.nodes.size).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('after shredding, no copy opens the shredded leaf, and all others open', async () => {
  const tree = await grown();
  const before = await readKeyRoot(folder);
  await tree.change([shred('leaf 7')]);
  const backup = new MemoryStore(store.ever);
  const restored = await KeyTree.open(folder, backup);
  expect(await restored.read('leaf 7')).toBeUndefined();
  for (const name of names.filter((one) => one !== 'leaf 7')) {
    expect(await restored.read(name)).toEqual(utf8(name));
  }
  const now = await readKeyRoot(folder);
  const topmost = store.ever.get(before.link?.name ?? '') ?? new Uint8Array();
  await expect(
    openNode({ name: before.link?.name ?? '', key: now.link?.key ?? new Uint8Array() }, topmost),
  ).rejects.toMatchObject({ code: 'seal.broken' });
  expect(await keysWithin(backup, now.link)).not.toContain('leaf 7');
});

test('with the older root an old backup does open: the root is what counts', async () => {
  await grown();
  const place = await mkdtemp(join(tmpdir(), 'key-tree-old-'));
  await cp(folder, place, { recursive: true });
  await (await KeyTree.open(folder, store)).change([shred('leaf 7')]);
  const old = await KeyTree.open(place, new MemoryStore(store.ever));
  expect(await old.read('leaf 7')).toEqual(utf8('leaf 7'));
  await rm(place, { recursive: true });
});

/** Names of all leaves that can be reached from `link` with every node ever stored. */
async function keysWithin(
  from: MemoryStore,
  link: Parameters<typeof openNode>[0] | undefined,
): Promise<readonly string[]> {
  if (link === undefined) return [];
  const node = await openNode(link, from.nodes.get(link.name) ?? new Uint8Array());
  if (node.kind === 'leaf') return [node.name];
  return (await Promise.all(node.children.map((child) => keysWithin(from, child)))).flat();
}

test('shredding what is not there rotates nothing', async () => {
  const tree = await grown();
  const { generation } = tree;
  await tree.change([shred('nobody')]);
  expect(tree.generation).toBe(generation);
});

test('a change cut off at any step leaves a tree that opens, as before or as after', async () => {
  for (const effectFirst of [false, true]) {
    for (let cutAt = 0; cutAt < 4; cutAt++) {
      const place = await mkdtemp(join(folder, 'cut-'));
      const blobs = new MemoryStore();
      await (await KeyTree.open(place, blobs)).change(names.map((name) => set(name)));
      Object.assign(blobs, { calls: 0, cutAt, effectFirst });
      const tree = await KeyTree.open(place, blobs);
      await tree.change([shred('leaf 1'), set('new')]).catch(() => undefined);
      blobs.cutAt = undefined;
      const again = await KeyTree.open(place, blobs);
      const shredded = (await again.read('leaf 1')) === undefined;
      expect(await again.read('new')).toEqual(shredded ? utf8('new') : undefined);
      for (const name of names.slice(2)) expect(await again.read(name)).toEqual(utf8(name));
      await again.change([set('later')]);
      const { link } = await readKeyRoot(place);
      expect(await countNodes(blobs, link)).toBe(blobs.nodes.size);
    }
  }
});

async function countNodes(
  from: MemoryStore,
  link: Parameters<typeof openNode>[0] | undefined,
): Promise<number> {
  if (link === undefined) return 0;
  const node = await openNode(link, from.nodes.get(link.name) ?? new Uint8Array());
  if (node.kind === 'leaf') return 1;
  const counts = await Promise.all(node.children.map((child) => countNodes(from, child)));
  return 1 + counts.reduce((sum, count) => sum + count, 0);
}

test('the tree goes on after a change that the server refused', async () => {
  const tree = await grown();
  Object.assign(store, { calls: 0, cutAt: 0 });
  await expect(tree.change([set('x')])).rejects.toThrow(Cut);
  expect(await tree.read('x')).toBeUndefined();
  await tree.change([set('x')]);
  expect(await tree.read('x')).toEqual(utf8('x'));
});

test('the root is a private file, and its older content is overwritten', async () => {
  const tree = await grown();
  const before = await readKeyRoot(folder);
  await tree.change([set('x')]);
  const files = await readdir(folder);
  expect(files).toEqual(['key-generation', 'key-root.json']);
  expect((await stat(join(folder, 'key-root.json'))).mode & 0o777).toBe(0o600);
  const key = Buffer.from(before.link?.key ?? []).toString('hex');
  expect(await readFile(join(folder, 'key-root.json'), 'utf8')).not.toContain(key);
});

test('a lost or changed node is an error, never an absent key', async () => {
  const tree = await grown();
  const top = (await readKeyRoot(folder)).link?.name ?? '';
  const bytes = store.nodes.get(top) ?? new Uint8Array();
  store.nodes.set(top, bytes.with(20, (bytes[20] ?? 0) ^ 1));
  await expect(tree.read('leaf 1')).rejects.toMatchObject({ code: 'seal.broken' });
  store.nodes.delete(top);
  await expect(tree.read('leaf 1')).rejects.toMatchObject({ code: 'keys.unknown' });
});

test('a lost root is final: nothing goes on with a new one, and the error says so', async () => {
  const tree = await KeyTree.open(folder, store);
  await tree.change(names.map((name) => set(name)));
  const path = join(folder, 'key-root.json');
  const old = await readFile(path);
  await tree.change([shred('leaf 1')]);
  await rm(path);
  await expect(KeyTree.open(folder, store)).rejects.toMatchObject({ code: 'keys.destroyed' });
  await writeFile(path, old, { mode: 0o600 });
  await expect(KeyTree.open(folder, store)).rejects.toMatchObject({ code: 'storage.broken' });
});
