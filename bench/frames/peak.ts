// The most memory that the children of a process hold together, looked at many times a second.
import { readdirSync, readFileSync } from 'node:fs';

const everyMs = 25;

export interface Peak {
  /** MiB of resident memory, the highest sum seen. */
  stop(): number;
}

export function peakOf(parent: number): Peak {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, residentKib(parent));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.round(most / 1024);
    },
  };
}

function residentKib(parent: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.reduce((sum, pid) => sum + ownKib(pid, parent), 0);
}

function ownKib(pid: string, parent: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) !== parent) return 0;
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  } catch {
    // It ended while it was looked at.
    return 0;
  }
}
