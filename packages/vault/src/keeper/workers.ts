// Runs each task in a child process of its own, which holds the content keys of that task and dies
// with it. What a worker prints is thrown away; only its typed result comes back.
import { type ChildProcess, spawn } from 'node:child_process';
import { HandrailError, isErrorCode } from '@handrail/core/errors';
import { taskBytesMax, type WorkerResult, type WorkerTask } from '../worker/task.ts';
import { type Isolation, probeIsolation } from './isolation.ts';

export const workerMemoryMib = 2_048;
/** A task of 1 GiB is there sealed, opened, made into files and sealed again. */
export const workerDataMib = 6_144;
export const workerSecondsMax = 600;
/** Largest sum of bytes in a result. */
export const resultBytesMax = taskBytesMax;

const resultKinds = ['refine', 'view', 'build', 'rebuild', 'export', 'refused', 'failed'];

export interface WorkerOptions {
  /** Path of the worker's main module. */
  readonly entry: string;
  readonly memoryMib?: number;
  readonly dataMib?: number;
  readonly secondsMax?: number;
  readonly resultBytesMax?: number;
}

export interface Workers extends AsyncDisposable {
  readonly isolation: Isolation;
  /** Of the processes that are at work. */
  readonly pids: readonly number[];
  /** Throws `timeout`, `internal` (it died), `input.too-large` or the worker's own code. */
  run(task: WorkerTask): Promise<WorkerResult>;
}

export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  const isolation = await probeIsolation(options.entry, {
    heapMib: options.memoryMib ?? workerMemoryMib,
    dataMib: options.dataMib ?? workerDataMib,
  });
  const running = new Set<ChildProcess>();
  return {
    isolation,
    get pids() {
      return [...running].flatMap(({ pid }) => pid ?? []);
    },
    run: (task) => runIn(isolation, options, running, task),
    [Symbol.asyncDispose]: async () => {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

async function runIn(
  isolation: Isolation,
  options: WorkerOptions,
  running: Set<ChildProcess>,
  task: WorkerTask,
): Promise<WorkerResult> {
  const child = start(isolation, options.entry, task);
  running.add(child);
  try {
    const result = await answerOf(child, task, options.secondsMax ?? workerSecondsMax);
    const bytesMax = options.resultBytesMax ?? resultBytesMax;
    if (bytesIn(result) > bytesMax) {
      throw new HandrailError('input.too-large', 'The worker answered more than it may.');
    }
    return result;
  } finally {
    running.delete(child);
    child.kill('SIGKILL');
  }
}

/** Only what reads text in frames may start programs; they inherit all that keeps it in. */
function start({ command, nodeFlags }: Isolation, entry: string, task: WorkerTask): ChildProcess {
  const reads = task.kind === 'refine' && task.ocr.kind === 'program';
  const flags = reads ? [...nodeFlags, '--allow-child-process'] : nodeFlags;
  const [program = '', ...args] = [...command, process.execPath, ...flags, entry];
  return spawn(program, args, {
    env: {},
    cwd: '/',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
}

function answerOf(
  child: ChildProcess,
  task: WorkerTask,
  secondsMax: number,
): Promise<WorkerResult> {
  return new Promise((resolve, reject) => {
    const fail = (code: 'timeout' | 'internal', message: string) => {
      clearTimeout(timer);
      reject(new HandrailError(code, message));
    };
    const timer = setTimeout(() => fail('timeout', 'The worker took too long.'), secondsMax * 1000);
    child.once('error', () => fail('internal', 'The worker could not be started.'));
    child.once('exit', () => fail('internal', 'The worker died.'));
    child.once('message', (message) => {
      clearTimeout(timer);
      if (isResult(message)) resolve(message);
      else reject(new HandrailError('internal', 'The worker answered in an unknown form.'));
    });
    child.send(task, (error) => {
      if (error !== null) fail('internal', 'The worker did not take its task.');
    });
  });
}

/** The shape is checked as far as it decides what happens next; the rest is our own code's. */
function isResult(value: unknown): value is WorkerResult {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'failed') return 'code' in value && isErrorCode(value.code);
  return resultKinds.some((kind) => kind === value.kind);
}

const depthMax = 8;

function bytesIn(value: unknown, depth = 0): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > depthMax) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + bytesIn(part, depth + 1), 0);
}
