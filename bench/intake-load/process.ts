// Starts a process that says in one JSON line when it is ready, and stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const kibPerMib = 1024;

export interface StartedProcess {
  readonly url: string;
  /** Resident memory now. */
  rssMib(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs `node script argument`. Throws when it ends before it is ready. */
export async function startProcess(script: string, argument: string): Promise<StartedProcess> {
  const child = spawn(process.execPath, [script, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const said: unknown = JSON.parse(line);
    const url = typeof said === 'object' && said !== null && 'url' in said ? said.url : undefined;
    if (typeof url !== 'string') break;
    const stop = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    return { url, stop, rssMib: () => residentMib(child.pid ?? 0) };
  }
  child.kill('SIGKILL');
  throw new Error(`${script} did not become ready.`);
}

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / kibPerMib;
}
