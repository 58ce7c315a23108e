// The root of the key tree: 32 bytes that live in exactly one place, a 0600 file in the vault's
// folder. Beside it a journal names the nodes of the change under way, so that none outlives it.
import { join } from 'node:path';
import { fromHex, fromUtf8, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import type { NodeLink } from './key-tree-node.ts';
import { readPrivate, removePrivate, replacePrivate } from './private-file.ts';

const rootSchema = z.strictObject({
  v: z.literal(1),
  generation: z.int().min(0),
  /** The topmost node; null while the tree is empty. */
  name: z.string().nullable(),
  key: z.string().regex(/^[0-9a-f]{64}$/),
});

const journalSchema = z.strictObject({
  v: z.literal(1),
  /** The generation that the change leads to. */
  generation: z.int().min(1),
  put: z.array(z.string()),
  drop: z.array(z.string()),
});

export interface KeyRoot {
  readonly generation: number;
  /** Undefined while the tree is empty. */
  readonly link: NodeLink | undefined;
}

export type TreeJournal = Omit<z.infer<typeof journalSchema>, 'v'>;

const emptyKey = '0'.repeat(64);
const rootPath = (folder: string) => join(folder, 'key-root.json');
const journalPath = (folder: string) => join(folder, 'key-journal.json');

/** The root of this folder; generation 0 without a link before the first change. */
export async function readKeyRoot(folder: string): Promise<KeyRoot> {
  const bytes = await readPrivate(rootPath(folder));
  if (bytes === undefined) return { generation: 0, link: undefined };
  const { generation, name, key } = parse(rootSchema, bytes, rootPath(folder));
  return { generation, link: name === null ? undefined : { name, key: fromHex(key) } };
}

/** Durable when it returns; from then on the older root opens nothing new and is overwritten. */
export async function replaceKeyRoot(folder: string, root: KeyRoot): Promise<void> {
  const { generation, link } = root;
  const key = link === undefined ? emptyKey : toHex(link.key);
  const text = JSON.stringify({ v: 1, generation, name: link?.name ?? null, key });
  await replacePrivate(rootPath(folder), utf8(text));
}

export async function readJournal(folder: string): Promise<TreeJournal | undefined> {
  const bytes = await readPrivate(journalPath(folder));
  return bytes && parse(journalSchema, bytes, journalPath(folder));
}

export async function writeJournal(folder: string, journal: TreeJournal): Promise<void> {
  await replacePrivate(journalPath(folder), utf8(JSON.stringify({ v: 1, ...journal })));
}

export async function endJournal(folder: string): Promise<void> {
  await removePrivate(journalPath(folder));
}

// A keeper that went on with a new root would lose every key in silence: it must not start.
function parse<S extends z.ZodType>(schema: S, bytes: Uint8Array, path: string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(fromUtf8(bytes)));
  } catch {
    throw new HandrailError('storage.broken', `${path} is damaged: the keeper cannot start.`);
  }
}
