// One keeper at a time has the vault's folder: two would rotate the root past each other.
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

const fileMode = 0o600;

/** Throws `data.locked` while another process has the folder. */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, 'keeper.lock');
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await tryLock(path)) {
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isRunning(holder)) {
      throw new HandrailError('data.locked', `Stop process ${holder}: it is this vault's keeper.`);
    }
    await rm(path, { force: true });
  }
  throw new HandrailError('data.locked', 'Another keeper has just started on this vault.');
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', fileMode);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
