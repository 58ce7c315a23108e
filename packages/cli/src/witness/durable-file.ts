// A small private file that is either the old one or the new one, whatever is switched off when.
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

export const privateMode = 0o600;
const othersMask = 0o077;

/** The file's text, if there is one. Throws `storage.broken` if others may read it. */
export async function readPrivate(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & othersMask) !== 0) {
      throw new HandrailError('storage.broken', `Run chmod 600 ${path}: others may read it.`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces the file: written aside, fsynced, renamed, and the folder fsynced before it returns. */
export async function replacePrivate(path: string, text: string): Promise<void> {
  const aside = `${path}.new`;
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  await writeAndSync(
    await open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, privateMode),
    text,
  );
  await rename(aside, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeAndSync(file: FileHandle, text: string): Promise<void> {
  try {
    await file.chmod(privateMode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
