// What every command is given: where to write, whose home it is, and whether somebody can be asked.
import { createInterface } from 'node:readline/promises';
import { HandrailError } from '@handrail/core/errors';
import { homeFolder } from './config.ts';
import { newOutput, type Output } from './output.ts';

export interface GlobalOptions {
  readonly home?: string;
  readonly json?: boolean;
}

export interface Session {
  readonly out: Output;
  /** The folder of the person who acts. */
  readonly home: string;
  /**
   * True when somebody at a terminal says yes to `question`. Throws `usage.invalid`, naming `flag`,
   * where nobody can be asked.
   */
  confirm(question: string, flag: string): Promise<boolean>;
  /** Aborts on SIGTERM, SIGINT and SIGHUP; only commands that stop tidily ask for it. */
  stopSignal(): AbortSignal;
}

export function newSession(options: GlobalOptions): Session {
  return {
    out: newOutput(options.json === true),
    home: homeFolder(options.home),
    confirm,
    stopSignal,
  };
}

async function confirm(question: string, flag: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new HandrailError('usage.invalid', `Nobody can be asked here: add ${flag} to say yes.`);
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop.abort());
  return stop.signal;
}
