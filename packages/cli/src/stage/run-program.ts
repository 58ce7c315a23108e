// Runs small programs to their end, with argument arrays only, so that no shell ever reads a word
// of what is typed or shown.
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HandrailError } from '@handrail/core/errors';
import type { Environment } from './processes.ts';

const outputBytesMax = 1_048_576;
const runMillisecondsMax = 60_000;
const waitMillisecondsMax = 30_000;
const askEveryMilliseconds = 50;
const run = promisify(execFile);

/** What the program printed. Throws `capture.unavailable` when it fails or takes a minute. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Environment,
): Promise<string> {
  const limits = { maxBuffer: outputBytesMax, timeout: runMillisecondsMax };
  try {
    return (await run(program, args, { ...limits, env })).stdout;
  } catch {
    // The failure of execFile quotes the arguments, which may hold what was typed: not passed on.
    throw new HandrailError('capture.unavailable', `The program ${program} failed.`);
  }
}

/** Asks again until the answer is true; throws `timeout` naming what was waited for. */
export async function untilTrue(what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + waitMillisecondsMax;
  while (!(await ask().catch(() => false))) {
    if (performance.now() > end) {
      throw new HandrailError('timeout', `Waited too long for ${what}.`);
    }
    await delay(askEveryMilliseconds);
  }
}
