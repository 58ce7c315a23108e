// The C client of RECORD, compiled where it is needed: it shares no line of code with the agent.
import { spawn, spawnSync } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../desktop/until.ts';

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
  /** Everything so far, in order. */
  events(): Promise<readonly WitnessedEvent[]>;
}

/** Compiles into `folder`, starts, and writes there. Throws naming what to install. */
export async function startWitness(folder: string, display: string): Promise<Witness> {
  const program = compile(folder);
  const path = join(folder, 'witnessed');
  // A file and not a pipe: it must not depend on when the bench finds time to read.
  const file = await open(path, 'w');
  const child = spawn(program, [display], { stdio: ['ignore', file.fd, 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await file.close();
  const lines = async () => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  await until('the RECORD client', async () => (await lines()).length > 0);
  return {
    events: async () => (await lines()).slice(1).map(eventOf),
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
