// The files of the checkout that are ours: tracked, or new and not ignored. Gates read the
// repository through here, and can be pointed at planted files instead.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** A file as the gates see it: its path from the root, with `/`, and its text. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

const listingBytesMax = 16 * 1024 * 1024;

/** Paths of all files of ours, binary ones included. */
export function repositoryPaths(root = repositoryRoot): readonly string[] {
  const arguments_ = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listing = execFileSync('git', arguments_, { cwd: root, maxBuffer: listingBytesMax });
  const paths = new Set(listing.toString('utf8').split('\0'));
  paths.delete('');
  return [...paths].filter((path) => existsSync(join(root, path))).sort();
}

/** All files of ours that hold text: no NUL byte. */
export function repositoryFiles(root = repositoryRoot): readonly RepositoryFile[] {
  return repositoryPaths(root)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter((file) => !file.text.includes('\0'));
}

/** Whether a file is a source that the style rules speak about. */
export function isSource(path: string): boolean {
  return /\.(ts|tsx|mts|mjs|js)$/.test(path);
}
