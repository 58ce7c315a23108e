// CPU time and resident memory of a process and its children, as Linux counts them.
import { readFile } from 'node:fs/promises';

/** Ticks of /proc are hundredths of a second on every Linux we know (`getconf CLK_TCK`). */
const ticksPerSecond = 100;
const kibPerMib = 1024;
const [utimeField, stimeField] = [11, 12] as const;

/** Seconds of CPU that the process and its running children have used. */
export async function cpuSeconds(pid: number): Promise<number> {
  const own = await Promise.all((await family(pid)).map(ownCpuSeconds));
  return own.reduce((sum, seconds) => sum + seconds, 0);
}

/** Resident memory of the one process. */
export async function rssMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / kibPerMib;
}

/** The process and its children's. */
export async function familyRssMib(pid: number): Promise<number> {
  const all = await Promise.all((await family(pid)).map(rssMib));
  return all.reduce((sum, mib) => sum + mib, 0);
}

async function family(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

async function ownCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[utimeField]) + Number(fields[stimeField])) / ticksPerSecond;
}
