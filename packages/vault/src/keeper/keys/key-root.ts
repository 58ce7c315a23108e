// The root of the key tree: 32 bytes that live in exactly one place, a 0600 file in the vault's
// folder and in no backup. Beside it stand a journal of the change under way, and the number of the
// newest root: a lost root or an older one is noticed, and nothing goes on without the right one.
import { join } from 'node:path';
import { fromHex, fromUtf8, toHex, utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { readPrivate, removePrivate, replacePrivate } from '../folder/private-file.ts';
import type { NodeLink } from './key-tree-node.ts';

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
const rootName = 'key-root.json';
const journalName = 'key-journal.json';
/** Files that are never copied: who has the root opens what is not shredded yet. */
export const neverBackedUp: readonly string[] = [rootName, journalName];

const rootPath = (folder: string) => join(folder, rootName);
const journalPath = (folder: string) => join(folder, journalName);
const generationPath = (folder: string) => join(folder, 'key-generation');

/**
 * The root of this folder; generation 0 without a link before the first change. Throws
 * `keys.destroyed` where there was one, `storage.broken` where it is damaged or not the newest.
 */
export async function readKeyRoot(folder: string): Promise<KeyRoot> {
  const newest = await newestGeneration(folder);
  const bytes = await readPrivate(rootPath(folder));
  if (bytes === undefined) {
    if (newest === 0) return { generation: 0, link: undefined };
    throw new HandrailError(
      'keys.destroyed',
      'The key root is lost, and has no copy: what was sealed stays shut. Start a new programme.',
    );
  }
  const { generation, name, key } = parse(rootSchema, bytes, rootPath(folder));
  if (generation < newest) {
    throw new HandrailError('storage.broken', `${rootPath(folder)} is an old one: remove it.`);
  }
  return { generation, link: name === null ? undefined : { name, key: fromHex(key) } };
}

/** Durable when it returns; from then on the older root opens nothing new and is overwritten. */
export async function replaceKeyRoot(folder: string, root: KeyRoot): Promise<void> {
  const { generation, link } = root;
  const key = link === undefined ? emptyKey : toHex(link.key);
  const text = JSON.stringify({ v: 1, generation, name: link?.name ?? null, key });
  await replacePrivate(rootPath(folder), utf8(text));
  await replacePrivate(generationPath(folder), utf8(`${generation}\n`));
}

async function newestGeneration(folder: string): Promise<number> {
  const bytes = await readPrivate(generationPath(folder));
  if (bytes === undefined) return 0;
  const text = fromUtf8(bytes);
  if (/^\d{1,15}\n$/.test(text)) return Number(text);
  throw new HandrailError('storage.broken', `${generationPath(folder)} is damaged.`);
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
