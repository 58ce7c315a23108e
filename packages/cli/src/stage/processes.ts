// Every process of a stage leads a group of its own and is ended by the id it was started with,
// never by a name.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';

const stopMillisecondsMax = 3_000;
const lineBytesMax = 4_096;
const lineMillisecondsMax = 15_000;

export type Environment = Readonly<Record<string, string>>;

/** A started program; disposing ends its whole process group, politely first. */
export interface StagedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Settles when the program has ended, whatever the reason. */
  readonly ended: Promise<void>;
}

/** Starts a program in its own process group. Throws `dependency.missing` when it is absent. */
export async function startProcess(
  program: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly cwd?: string; readonly stdio?: StdioOptions },
): Promise<StagedProcess> {
  const child = spawn(program, args, { stdio: 'ignore', ...options, detached: true });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new HandrailError('dependency.missing', `Install the program ${program}.`, { cause });
  }
  const pid = child.pid ?? 0;
  return { pid, child, ended, [Symbol.asyncDispose]: () => endGroup(pid, ended) };
}

async function endGroup(pid: number, ended: Promise<void>): Promise<void> {
  signalGroup(pid, 'SIGTERM');
  const limit = new AbortController();
  const late = delay(stopMillisecondsMax, 'late', { signal: limit.signal }).catch(() => 'done');
  await Promise.race([ended, late]);
  limit.abort();
  // Also after a clean end: helpers that the program started may have stayed behind in its group.
  signalGroup(pid, 'SIGKILL');
  await ended;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The first line that a program writes to one of its output pipes. */
export async function firstLine(process: StagedProcess, fd: number): Promise<string> {
  const pipe = process.child.stdio[fd];
  if (!pipe || !('on' in pipe)) throw new HandrailError('internal', 'Open that pipe first.');
  return new Promise<string>((resolve, reject) => {
    const give = (reason: string) =>
      reject(new HandrailError('capture.unavailable', `A program of the display ${reason}.`));
    const timer = setTimeout(() => give('did not answer in time'), lineMillisecondsMax);
    let text = '';
    pipe.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\n');
      if (end < 0 && text.length <= lineBytesMax) return;
      clearTimeout(timer);
      resolve(text.slice(0, Math.max(end, 0)).trim());
    });
    process.ended.then(() => {
      clearTimeout(timer);
      give('ended at once');
    });
  });
}
