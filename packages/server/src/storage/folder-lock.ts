// One process at a time per data folder. The lock is the kernel's (flock), held by an open file,
// so that it ends with the process however that ends, and a leftover file means nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

export interface FolderLock extends AsyncDisposable {
  readonly path: string;
}

/** Throws `data.locked` while another process holds it, `dependency.missing` without flock. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'lock');
  const file = await open(path, 'a', 0o600);
  try {
    // flock(2) locks belong to the open file, which the short-lived program shares with us.
    const code = await runFlock(file.fd);
    if (code === 1) {
      const message = `Another server uses ${folder}: stop it, or name another data folder.`;
      throw new HandrailError('data.locked', message);
    }
    if (code !== 0) throw new HandrailError('storage.broken', `${folder} cannot be locked.`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: () => file.close() };
}

async function runFlock(fd: number): Promise<unknown> {
  const inherited = 3;
  const child = spawn('flock', ['--exclusive', '--nonblock', String(inherited)], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  try {
    const [code] = await once(child, 'exit');
    return code;
  } catch (cause) {
    throw new HandrailError('dependency.missing', 'Install util-linux: flock is missing.', {
      cause,
    });
  }
}
