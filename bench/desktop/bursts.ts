// Bursts of input on demand, from a process of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Bursts extends AsyncDisposable {
  /** Makes one burst; resolves once the X server has all of it. Gives its seconds. */
  next(): Promise<number>;
}

/** `moves` are motion only; `mixed` has keys, buttons and wheel steps between them. */
export async function startBursts(
  display: string,
  { events, mix }: { readonly events: number; readonly mix: 'mixed' | 'moves' },
): Promise<Bursts> {
  const script = join(import.meta.dirname, 'burst-process.ts');
  const child = spawn(process.execPath, [script, display, String(events), mix], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    if ((await lines.next()).done) throw new Error('The process that makes bursts ended.');
  };
  await line();
  return {
    next: async () => {
      const startedMs = performance.now();
      child.stdin.write('go\n');
      await line();
      return (performance.now() - startedMs) / 1000;
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
