// Files that are whole or absent, whatever is switched off when: written aside, fsynced, then
// named, and the folder fsynced before anyone is told.
import { randomUUID } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

const privateMode = 0o600;

/** Writes `bytes` durably under a new name; gives the path. Nothing stays if it fails. */
export async function writeAside(asideFolder: string, bytes: Uint8Array): Promise<string> {
  const path = join(asideFolder, randomUUID());
  const file = await open(path, 'wx', privateMode);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
  return path;
}

/** Gives `aside` its name, unless that is taken. Returns whether it was free. */
export async function nameOnce(aside: string, path: string): Promise<boolean> {
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(aside).catch(() => undefined);
  }
}

/** Replaces the file at `path` by `bytes`; the folder is not yet synced. */
export async function replaceFile(
  asideFolder: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const aside = await writeAside(asideFolder, bytes);
  try {
    await rename(aside, path);
  } catch (error) {
    await unlink(aside).catch(() => undefined);
    throw error;
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

export function isMissing(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}

const fullErrnos = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** The error of a failed write as ours: `storage.full` or `storage.broken`. */
export function storageError(cause: unknown): HandrailError {
  if (cause instanceof HandrailError) return cause;
  return fullErrnos.includes(errnoOf(cause) ?? '')
    ? new HandrailError('storage.full', 'The disk is full: free space, then try again.', { cause })
    : new HandrailError('storage.broken', 'The storage failed: look at the disk.', { cause });
}
