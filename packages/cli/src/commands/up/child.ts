// One child process of the organisation: started with a settings file, ready when it says so in one
// JSON line, stopped by its id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import { childEnvironment } from '../../config.ts';

const readyMsMax = 120_000;
const stopMsMax = 30_000;
const lineCharsMax = 16_384;
const logBytesMax = 8 * 1024 * 1024;
const reasonCharsMax = 300;

export interface Child {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Settles when it has ended, however. */
  readonly ended: Promise<unknown>;
  /** Asks it to stop, and ends it when it does not. */
  stop(): Promise<void>;
}

export interface Launch {
  /** For people: `server`. */
  readonly name: string;
  /** A source of ours, and its arguments. */
  readonly command: readonly string[];
  /** Where it may write what is wrong; never content. */
  readonly log: string;
}

/** Starts a child and waits for its line. Throws `internal` with its last words when it ends. */
export async function startChild({ name, command, log }: Launch): Promise<Child> {
  await forgetLongLog(log);
  await using file = await open(log, 'a', 0o600);
  const from = (await file.stat()).size;
  const child = spawn(process.execPath, [...command], {
    env: childEnvironment(),
    // A group of its own: Ctrl+C reaches `up` alone, which stops its children in their order.
    detached: true,
    stdio: ['ignore', 'pipe', file.fd],
  });
  const ended = once(child, 'exit').catch(() => undefined);
  const line = await Promise.race([firstLine(child), ended.then(() => undefined), late()]);
  const ready = line === undefined ? undefined : readyFacts(line);
  if (ready === undefined) {
    await stopChild(child, ended);
    const words = await lastWords(log, from);
    throw new HandrailError('internal', `The ${name} did not start: ${words ?? `look at ${log}`}`);
  }
  child.stdout?.resume();
  return { pid: child.pid ?? 0, ready, ended, stop: () => stopChild(child, ended) };
}

async function late(): Promise<undefined> {
  await delay(readyMsMax, undefined, { ref: false });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk);
    const end = text.indexOf('\n');
    if (end >= 0 || text.length > lineCharsMax) return text.slice(0, Math.max(end, 0));
  }
  return text;
}

function readyFacts(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const limit = new AbortController();
  const timer = delay(stopMsMax, 'late', { signal: limit.signal }).catch(() => undefined);
  if ((await Promise.race([ended, timer])) === 'late') child.kill('SIGKILL');
  limit.abort();
  await ended;
}

/** The last line it wrote to its log since `from`, which says what to do. */
async function lastWords(log: string, from: number): Promise<string | undefined> {
  await using file = await open(log, 'r');
  const { size } = await file.stat();
  const length = Math.min(size - from, lineCharsMax);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  const lines = buffer
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines.findLast((line) => line !== '')?.slice(0, reasonCharsMax);
}

async function forgetLongLog(log: string): Promise<void> {
  const size = await stat(log).then(
    (facts) => facts.size,
    () => 0,
  );
  if (size > logBytesMax) await rm(log, { force: true });
}
