// One process at a time: a lock file that names its holder. The lock is the kernel's (flock) and
// ends with the process, so a leftover file or a reused number means nothing, and two never win.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { privateMode } from './durable-file.ts';

const inheritedFd = 3;

/** Takes the lock and returns how to give it back. Throws `data.locked`, `dependency.missing`. */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const file = await open(path, 'a', privateMode);
  try {
    await lock(file, path);
    await file.truncate(0);
    await file.writeFile(String(process.pid));
  } catch (error) {
    await file.close();
    throw error;
  }
  return () => file.close();
}

async function lock(file: FileHandle, path: string): Promise<void> {
  const code = await runFlock(file.fd);
  if (code === 0) return;
  if (code !== 1) throw new HandrailError('storage.broken', `${path} cannot be locked.`);
  const holder = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  const who = Number.isSafeInteger(holder) ? `process ${holder}` : 'the other process';
  throw new HandrailError('data.locked', `Stop ${who}: it holds ${path}.`);
}

/** The short-lived program shares our open file, and the lock belongs to that. */
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
