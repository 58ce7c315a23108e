// Everything that a running process has in memory, as who has its machine can copy it (Linux).
import { open, readdir, readFile } from 'node:fs/promises';

const chunkBytes = 16 * 1024 * 1024;
const overlapBytes = 4_096;

export async function knowsOneOf(pid: number, secrets: readonly Buffer[]): Promise<boolean> {
  for await (const part of memoryOf(pid)) {
    if (secrets.some((secret) => part.includes(secret))) return true;
  }
  return false;
}

export async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map((id) => readFile(`/proc/${pid}/task/${id}/children`, 'utf8'));
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter(Boolean)).map(Number);
}

/** Parts of the writable memory of a process; each begins with the end of the one before. */
async function* memoryOf(pid: number): AsyncGenerator<Buffer> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  await using memory = await open(`/proc/${pid}/mem`, 'r');
  for (const line of maps.split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    const end = Number.parseInt(to, 16);
    for (let at = Number.parseInt(from, 16); at < end; at += chunkBytes - overlapBytes) {
      const length = Math.min(chunkBytes, end - at);
      const bytes = Buffer.alloc(length);
      // Pages that went away since, or that only the kernel may read.
      const read = await memory.read(bytes, 0, length, at).catch(() => ({ bytesRead: 0 }));
      yield bytes.subarray(0, read.bytesRead);
    }
  }
}
