// Who else than its owner may enter a folder or read what lies in it, by the file system's own
// permissions: group and others.
import { type Dirent, promises as files } from 'node:fs';
import { join } from 'node:path';

const othersMask = 0o077;
export const placesShown = 20;

/**
 * Places under `folder` that other accounts reach: '' is the folder itself. What lies in a folder
 * that nobody else may enter is out of reach, whatever its own mode says.
 */
export async function openToOthers(folder: string): Promise<readonly string[]> {
  const facts = await files.lstat(folder).catch(() => undefined);
  return facts !== undefined && (facts.mode & othersMask) !== 0 ? [''] : [];
}

/** Like `openToOthers`, but every file and folder below has to be its owner's alone: keys are. */
export async function openKeys(folder: string, below = ''): Promise<readonly string[]> {
  const path = join(folder, below);
  const facts = await files.lstat(path).catch(() => undefined);
  if (facts === undefined || facts.isSymbolicLink()) return [];
  const open: string[] = (facts.mode & othersMask) === 0 ? [] : [below === '' ? '' : `/${below}`];
  if (!facts.isDirectory()) return open;
  const entries: Dirent[] = await files.readdir(path, { withFileTypes: true }).catch(() => []);
  for (const { name } of entries) {
    if (open.length >= placesShown) break;
    open.push(...(await openKeys(folder, join(below, name))));
  }
  return open.slice(0, placesShown);
}
