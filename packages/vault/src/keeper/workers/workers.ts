// Runs each task in a child process of its own, which holds the content keys of that task and dies
// with it. What a worker prints is thrown away; only its typed result comes back.
import { type ChildProcess, spawn } from 'node:child_process';
import { HandrailError, isErrorCode } from '@handrail/core/errors';
import {
  taskBytesMax,
  type ViewStep,
  type ViewTask,
  type WorkerResult,
  type WorkerTask,
} from '../../worker/task.ts';
import { type Isolation, probeIsolation } from './isolation.ts';

export const workerMemoryMib = 2_048;
/** A task of 1 GiB is there sealed, opened, made into files and sealed again. */
export const workerDataMib = 6_144;
export const workerSecondsMax = 600;
/** Largest sum of bytes in a result. */
export const resultBytesMax = taskBytesMax;

const resultKinds: Readonly<Record<WorkerResult['kind'], true>> = {
  ...({ refine: true, build: true, rebuild: true, export: true } as const),
  ...({ 'remove-bystander': true, refused: true, failed: true } as const),
};

export interface WorkerOptions {
  /** Path of the worker's main module. */
  readonly entry: string;
  readonly memoryMib?: number;
  readonly dataMib?: number;
  readonly secondsMax?: number;
  readonly resultBytesMax?: number;
}

/** A trajectory on its way to its reader. */
export interface Showing extends AsyncDisposable {
  /**
   * The next chunk, made now; undefined after the last. Throws as `run` does. Whoever stops asking
   * disposes of it, and with the process goes the key.
   */
  next(): Promise<Uint8Array | undefined>;
}

export interface Workers extends AsyncDisposable {
  readonly isolation: Isolation;
  /** Of the processes that are at work. */
  readonly pids: readonly number[];
  /** Throws `timeout`, `internal` (it died), `input.too-large` or the worker's own code. */
  run(task: WorkerTask): Promise<WorkerResult>;
  show(task: ViewTask): Showing;
}

export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  const isolation = await probeIsolation(options.entry, {
    heapMib: options.memoryMib ?? workerMemoryMib,
    dataMib: options.dataMib ?? workerDataMib,
  });
  const running = new Set<ChildProcess>();
  const spare = new Spare(() => start(isolation, options.entry, false));
  const begin = (task: WorkerTask | ViewTask) => {
    const reads = 'ocr' in task && task.ocr.kind === 'program';
    const child = reads ? start(isolation, options.entry, true) : spare.take();
    running.add(child);
    return child;
  };
  const end = (child: ChildProcess) => {
    running.delete(child);
    child.kill('SIGKILL');
  };
  return {
    isolation,
    get pids() {
      return [...running].flatMap(({ pid }) => pid ?? []);
    },
    run: async (task) => {
      const child = begin(task);
      try {
        return await runIn(child, options, task);
      } finally {
        end(child);
      }
    },
    show: (task) => showIn(begin(task), options, task, end),
    [Symbol.asyncDispose]: async () => {
      spare.end();
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

async function runIn(
  child: ChildProcess,
  options: WorkerOptions,
  task: WorkerTask,
): Promise<WorkerResult> {
  const secondsMax = options.secondsMax ?? workerSecondsMax;
  const result = await answerOf(child, task, secondsMax);
  if (!isResult(result)) throw unknownForm();
  return within(result, options);
}

/** A worker that shows a trajectory lives until its reader has seen all, or may not any more. */
function showIn(
  child: ChildProcess,
  options: WorkerOptions,
  task: ViewTask,
  end: (child: ChildProcess) => void,
): Showing {
  const secondsMax = options.secondsMax ?? workerSecondsMax;
  let asked = 0;
  return {
    next: async () => {
      if (asked++ === 0) child.send(task, () => undefined);
      const step = await answerOf(child, 'next', secondsMax);
      if (!isStep(step)) throw unknownForm();
      if (step.kind === 'failed') throw new HandrailError(step.code, 'The worker failed.');
      return step.kind === 'ended' ? undefined : within(step, options).box;
    },
    [Symbol.asyncDispose]: async () => end(child),
  };
}

function within<R extends WorkerResult | ViewStep>(result: R, options: WorkerOptions): R {
  if (bytesIn(result) <= (options.resultBytesMax ?? resultBytesMax)) return result;
  throw new HandrailError('input.too-large', 'The worker answered more than it may.');
}

/**
 * One process that has loaded its code and waits for its one task, so that nobody who reads waits
 * for it. It knows nothing yet, and is replaced as soon as it is taken.
 */
class Spare {
  readonly #start: () => ChildProcess;
  #child: ChildProcess | undefined;
  #ended = false;

  constructor(start: () => ChildProcess) {
    this.#start = start;
    this.#child = start();
  }

  take(): ChildProcess {
    const waiting = this.#child;
    this.#child = this.#ended ? undefined : this.#start();
    const lives = waiting?.exitCode === null && waiting.signalCode === null && waiting.connected;
    return waiting && lives ? waiting : this.#start();
  }

  end(): void {
    this.#ended = true;
    this.#child?.kill('SIGKILL');
  }
}

/** Only what reads text in frames may start programs; they inherit all that keeps it in. */
function start({ command, nodeFlags }: Isolation, entry: string, reads: boolean): ChildProcess {
  const flags = reads ? [...nodeFlags, '--allow-child-process'] : nodeFlags;
  const [program = '', ...args] = [...command, process.execPath, ...flags, entry];
  const child = spawn(program, args, {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
  // Whoever gives it a task hears of its end then.
  child.on('error', () => undefined);
  return child;
}

function answerOf(
  child: ChildProcess,
  said: WorkerTask | 'next',
  secondsMax: number,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      clearTimeout(timer);
      for (const [name, listener] of listeners) child.off(name, listener);
      settle();
    };
    const fail = (code: 'timeout' | 'internal', message: string) =>
      done(() => reject(new HandrailError(code, message)));
    const timer = setTimeout(() => fail('timeout', 'The worker took too long.'), secondsMax * 1000);
    const listeners = [
      ['error', () => fail('internal', 'The worker could not be started.')],
      ['exit', () => fail('internal', 'The worker died.')],
      ['message', (message: unknown) => done(() => resolve(message))],
    ] as const;
    for (const [name, listener] of listeners) child.once(name, listener);
    child.send(said, (error) => {
      if (error !== null) fail('internal', 'The worker did not take its task.');
    });
  });
}

function unknownForm(): HandrailError {
  return new HandrailError('internal', 'The worker answered in an unknown form.');
}

function isStep(value: unknown): value is ViewStep {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'failed') return 'code' in value && isErrorCode(value.code);
  return value.kind === 'ended' || (value.kind === 'chunk' && 'box' in value);
}

/** The shape is checked as far as it decides what happens next; the rest is our own code's. */
function isResult(value: unknown): value is WorkerResult {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'failed') return 'code' in value && isErrorCode(value.code);
  return typeof value.kind === 'string' && Object.hasOwn(resultKinds, value.kind);
}

const depthMax = 8;

function bytesIn(value: unknown, depth = 0): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > depthMax) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part, depth + 1), 0);
}
