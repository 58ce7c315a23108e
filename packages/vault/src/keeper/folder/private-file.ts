// A small private file of the vault's folder: either the old one or the new one, whatever is
// switched off when, and what was replaced is overwritten as far as the disk lets us.
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

const privateMode = 0o600;
const othersMask = 0o077;
const privateBytesMax = 64 * 1024 * 1024;

/** The file's bytes; undefined if there is none. Throws `storage.broken` if others may read it. */
export async function readPrivate(path: string): Promise<Uint8Array | undefined> {
  try {
    const { mode, size } = await stat(path);
    if ((mode & othersMask) !== 0) {
      throw new HandrailError('storage.broken', `Run chmod 600 ${path}: others may read it.`);
    }
    if (size > privateBytesMax) throw new HandrailError('input.too-large', `${path} is too large.`);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces the file; durable when it returns. The old content is overwritten with zeros. */
export async function replacePrivate(path: string, content: Uint8Array): Promise<void> {
  const aside = `${path}.new`;
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  await using old = await openIfThere(path);
  const file = await open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, privateMode);
  await writeAndSync(file, content);
  await rename(aside, path);
  await syncFolder(dirname(path));
  if (old !== undefined) await overwrite(old);
}

/** Removes the file durably; its content is overwritten first. */
export async function removePrivate(path: string): Promise<void> {
  await using old = await openIfThere(path);
  if (old === undefined) return;
  await rm(path, { force: true });
  await syncFolder(dirname(path));
  await overwrite(old);
}

async function writeAndSync(file: FileHandle, content: Uint8Array): Promise<void> {
  try {
    await file.chmod(privateMode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function overwrite(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  await file.write(new Uint8Array(size), 0, size, 0);
  await file.sync();
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
