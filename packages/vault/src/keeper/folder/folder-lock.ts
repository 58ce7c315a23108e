// One keeper at a time has the vault's folder: two would rotate the root past each other. The lock
// is the kernel's (flock) and ends with the process: a leftover file or reused id means nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';

const fileMode = 0o600;
const inheritedFd = 3;

/** Throws `data.locked` while another process has the folder, `dependency.missing`. */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const file = await open(join(folder, 'keeper.lock'), 'a', fileMode);
  try {
    // The short-lived program shares our open file, and the lock belongs to that.
    const code = await runFlock(file.fd);
    if (code === 1) {
      throw new HandrailError('data.locked', `Another keeper has ${folder}: stop it first.`);
    }
    if (code !== 0) throw new HandrailError('storage.broken', `${folder} cannot be locked.`);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { [Symbol.asyncDispose]: () => file.close() };
}

async function runFlock(fd: number): Promise<unknown> {
  const child = spawn('flock', ['--exclusive', '--nonblock', String(inheritedFd)], {
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
