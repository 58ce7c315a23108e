// Tesseract in processes of their own, at most so many at once. Each gets pages over standard input
// and has limits of time, memory and output; one that breaks a limit or dies is replaced, once.
import { type ChildProcess, spawn } from 'node:child_process';
import { HandrailError } from '@handrail/core/errors';
import type { ReadWord } from '@handrail/core/pixels';
import type { Layout, OcrEngine, Page } from './engine.ts';
import type { OcrLimits, OcrProgram } from './settings.ts';
import { tiffOf } from './tiff.ts';
import { wordsOf } from './tsv.ts';

const triesMax = 2;
const layoutModes = { sparse: '11', block: '6' } as const;

export function programEngine(program: OcrProgram, limits: OcrLimits): OcrEngine {
  const running = new Set<ChildProcess>();
  const waiting: (() => void)[] = [];
  let free = limits.processes;
  const slot = async (): Promise<AsyncDisposable> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return {
      [Symbol.asyncDispose]: async () => {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      },
    };
  };
  return {
    read: async (pages, layout) => {
      if (pages.length === 0) return [];
      await using _slot = await slot();
      return readTrying(program, limits, running, pages, layout);
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}

async function readTrying(
  program: OcrProgram,
  limits: OcrLimits,
  running: Set<ChildProcess>,
  pages: readonly Page[],
  layout: Layout,
): Promise<ReadWord[][]> {
  const input = tiffOf(pages);
  for (let tried = 1; ; tried++) {
    try {
      return wordsOf(
        await outputOf(start(program, limits, layout), running, limits, input),
        pages.length,
      );
    } catch (error) {
      if (tried >= triesMax) throw error;
    }
  }
}

/** It inherits what keeps the worker in: no network, no root, and no room for files. */
function start({ path, limiter }: OcrProgram, limits: OcrLimits, layout: Layout): ChildProcess {
  const options = [path, 'stdin', 'stdout', '--psm', layoutModes[layout], 'tsv'];
  const bytes = limits.memoryMib * 1024 * 1024;
  const bounds = [`--as=${bytes}`, `--cpu=${Math.ceil(limits.seconds)}`, '--core=0', '--fsize=0'];
  const command = limiter === undefined ? options : [limiter, ...bounds, '--', ...options];
  const [program = '', ...args] = command;
  return spawn(program, args, {
    env: { OMP_THREAD_LIMIT: '1' },
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function outputOf(
  child: ChildProcess,
  running: Set<ChildProcess>,
  { seconds, outputBytes }: OcrLimits,
  input: Buffer,
): Promise<string> {
  running.add(child);
  return new Promise<string>((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const fail = (code: 'internal' | 'timeout', why: string) => {
      child.kill('SIGKILL');
      reject(new HandrailError(code, `The program that reads pictures ${why}.`));
    };
    const timer = setTimeout(() => fail('timeout', 'took too long'), seconds * 1000);
    child.stdout?.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > outputBytes) fail('internal', 'answered too much');
    });
    child.once('error', () => fail('internal', 'could not be started'));
    child.once('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      if (code === 0) resolve(Buffer.concat(parts).toString('utf8'));
      else fail('internal', 'died');
    });
    // A program that ends early leaves its input unread; its end says so.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
