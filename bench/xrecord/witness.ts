// The C client of RECORD, compiled where it is needed: it shares no line of code with the agent.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const source = join(import.meta.dirname, 'xrecord.c');

/** A core event as the server wrote it. */
export interface WitnessedEvent {
  readonly type: number;
  /** Keycode or button. */
  readonly detail: number;
  readonly x: number;
  readonly y: number;
  readonly serverTime: number;
}

export interface Witness extends AsyncDisposable {
  readonly events: readonly WitnessedEvent[];
}

/** Compiles into `folder` and starts. Throws naming what to install. */
export async function startWitness(folder: string, display: string): Promise<Witness> {
  const program = compile(folder);
  const child = spawn(program, [display], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = Promise.withResolvers<void>();
  const events: WitnessedEvent[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready.resolve();
    else events.push(eventOf(line));
  });
  ended.then(() => ready.reject(new Error('The RECORD client ended at once.')));
  await ready.promise;
  return {
    events,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function compile(folder: string): string {
  const program = join(folder, 'xrecord');
  const flags = ['-O2', '-Wall', '-o', program, source, '-lXtst', '-lX11'];
  const { status, stderr } = spawnSync('cc', flags, { encoding: 'utf8' });
  if (status === 0) return program;
  const first = (stderr ?? '').split('\n').find((line) => line.includes('error')) ?? '';
  throw new Error(`Install cc, libx11-dev and libxtst-dev (Debian's names). ${first}`.trim());
}

function eventOf(line: string): WitnessedEvent {
  const [type = 0, detail = 0, x = 0, y = 0, serverTime = 0] = line.split(' ').map(Number);
  return { type, detail, x, y, serverTime };
}
