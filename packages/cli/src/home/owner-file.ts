// Files that the owner or grantee asked for, where they asked for them: readable by them alone, and
// either whole or not there.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

const ownerMode = 0o600;
const ownerFolderMode = 0o700;

/** Writes `bytes` at `path` (mode 0600), making its folder; returns the whole path. */
export async function writeOwnerFile(path: string, bytes: Uint8Array | string): Promise<string> {
  const whole = resolve(path);
  await mkdir(dirname(whole), { recursive: true, mode: ownerFolderMode });
  const aside = `${whole}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(aside, 'wx', ownerMode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, whole);
  } catch (cause) {
    await rm(aside, { force: true });
    throw cause;
  }
  return whole;
}
