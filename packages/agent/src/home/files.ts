// Small files that survive a crash: written aside with the owner's rights only, synced, then
// renamed; the folder is synced too. Whoever reads sees the old file or the new one, whole.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

export async function writeFileDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  const aside = join(dirname(path), `.${randomBytes(6).toString('hex')}.part`);
  try {
    const file = await open(aside, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(aside, { force: true });
    throw storageError(cause);
  }
}

/** The file's bytes, or undefined where there is none. */
export async function readFileIfAny(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw storageError(cause);
  }
}

export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function storageError(cause: unknown): HandrailError {
  const full =
    cause instanceof Error &&
    'code' in cause &&
    ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(cause.code));
  return full
    ? new HandrailError('storage.full', 'The disk is full: free some space and try again.', {
        cause,
      })
    : new HandrailError('storage.broken', 'A file of the home folder cannot be used.', { cause });
}
