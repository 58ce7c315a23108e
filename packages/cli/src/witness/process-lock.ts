// One process at a time: a lock file that names its holder, and that a holder's death frees even
// when another process has since got the same number.
import { open, readFile, rm } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { privateMode } from './durable-file.ts';

const attemptsMax = 3;

/** Takes the lock and returns how to give it back. Throws `data.locked` while another holds it. */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const self = await nameOf(process.pid);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (await create(path, self)) return () => rm(path, { force: true });
    const holder = await readFile(path, 'utf8').catch(() => '');
    const pid = Number.parseInt(holder, 10);
    if (isRunning(pid) && holder === (await nameOf(pid))) {
      throw new HandrailError('data.locked', `Stop process ${pid}: it holds ${path}.`);
    }
    await rm(path, { force: true });
  }
  throw new HandrailError('data.locked', `Other processes keep taking ${path}: try again.`);
}

async function create(path: string, holder: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', privateMode);
    await file.writeFile(holder);
    await file.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** The process number and, where the system tells, when it started (clock ticks after boot). */
async function nameOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command in brackets may hold spaces; the start time is the 20th field after it.
  const startedAtTicks = status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid} ${startedAtTicks}`;
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
