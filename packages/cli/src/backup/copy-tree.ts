// Copies folders whole and durably, private to their owner, and knows afterwards what it wrote.
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivateFolder, readFileIfAny, syncFolder } from '@handrail/agent/home/files';

const fileMode = 0o600;

/** SHA-256 (hex) of each file, by its path below the folder. */
export type Sums = Map<string, string>;

/** Which files are copied, by their path below the folder; all by default. */
export type Take = (path: string) => boolean;

/** Files that go away meanwhile are left out; what stands in `to` already is replaced. */
export async function copyTree(from: string, to: string, take: Take = () => true): Promise<Sums> {
  const sums: Sums = new Map();
  // A database needs its empty folders too.
  for (const folder of await foldersIn(from)) {
    await makePrivateFolder(join(to, folder.slice(from.length)));
  }
  for (const path of await filesIn(from)) {
    const bytes = take(path) ? await readFileIfAny(join(from, path)) : undefined;
    if (bytes === undefined) continue;
    await write(join(to, path), bytes);
    sums.set(path, sumOf(bytes));
  }
  for (const folder of await foldersIn(to)) await syncFolder(folder);
  await syncFolder(dirname(to));
  return sums;
}

/** Paths of all files below `folder`, in order; none where there is no such folder. */
export async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await entriesIn(folder)) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(folder.length + 1));
  }
  return files.sort();
}

export async function sumOfFile(path: string): Promise<string> {
  return sumOf(await readFile(path));
}

async function foldersIn(folder: string): Promise<string[]> {
  const below = (await entriesIn(folder)).filter((entry) => entry.isDirectory());
  return [...below.map((entry) => join(entry.parentPath, entry.name)), folder];
}

async function entriesIn(folder: string) {
  return readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'w', fileMode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
