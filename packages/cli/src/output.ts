// What a command says and where: with --json standard output carries JSON only, progress and errors
// always go to standard error.
import { setTimeout as delay } from 'node:timers/promises';

const progressAfterMs = 2_000;
const progressEveryMs = 10_000;

export interface Output {
  readonly json: boolean;
  /** One line of JSON, or the lines for people. */
  print(value: unknown, lines: readonly string[]): void;
  /** A line that is progress or advice, never the answer. */
  note(line: string): void;
  /** Says what is being waited for, once it takes longer than two seconds. */
  during<T>(what: string, work: Promise<T>): Promise<T>;
}

export function newOutput(json: boolean): Output {
  endQuietlyWithReader();
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  return {
    json,
    note,
    print(value, lines) {
      const shown = json ? [JSON.stringify(value)] : lines;
      if (shown.length > 0) process.stdout.write(`${shown.join('\n')}\n`);
    },
    async during(what, work) {
      const done = new AbortController();
      void tell(what, note, done.signal);
      try {
        return await work;
      } finally {
        done.abort();
      }
    },
  };
}

async function tell(what: string, note: (line: string) => void, until: AbortSignal) {
  const startedMs = performance.now();
  for (let waitMs = progressAfterMs; ; waitMs = progressEveryMs) {
    const ended = await delay(waitMs, false, { signal: until, ref: false }).catch(() => true);
    if (ended) return;
    note(`${what} ... ${Math.round((performance.now() - startedMs) / 1000)} s`);
  }
}

/** `handrail ... | head` is no failure. */
function endQuietlyWithReader(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 3);
  });
}
