// Every step goes through the handrail command as anybody would run it: child processes, each with
// the home of the person who acts, and nothing else in common.
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HandrailError } from '@handrail/core/errors';
import { programPath } from '../stage/config.ts';
import type { WalkFolders } from './folders.ts';

const launcher = fileURLToPath(new URL('../../bin/handrail.js', import.meta.url));
const runMsMax = 300_000;
const stopMsMax = 90_000;
const linesMax = 1_000;

type Json = Readonly<Record<string, unknown>>;

export interface Running extends AsyncDisposable {
  /** The first line of standard output that satisfies `test`. Throws when it ends before. */
  line(what: string, test: (line: Json) => boolean): Promise<Json>;
  /** Asks it to stop; gives its exit code. */
  stop(): Promise<number>;
}

export class CommandLine implements AsyncDisposable {
  readonly #folders: WalkFolders;
  readonly #alive = new Set<Process>();
  #runs = 0;

  constructor(folders: WalkFolders) {
    this.#folders = folders;
  }

  /** The node program and the arguments for a command line. */
  static words(args: readonly string[]): readonly [program: string, ...args: string[]] {
    return [process.execPath, launcher, ...args];
  }

  /** Runs a command to its end; gives the last line of JSON. Throws with its last words. */
  async run(home: string, ...args: readonly string[]): Promise<Json> {
    await using running = this.start(home, args);
    const { code, last } = await running.finished(runMsMax);
    this.#alive.delete(running);
    if (code !== 0) {
      const words = running.lastWords();
      throw new HandrailError(
        'internal',
        `handrail ${args.slice(0, 2).join(' ')} (${code}): ${words}`,
      );
    }
    return last ?? {};
  }

  start(home: string, args: readonly string[], env: Json = {}): Process {
    this.#runs += 1;
    const name = `${String(this.#runs).padStart(2, '0')}-${args[0] ?? 'handrail'}`;
    const [program, ...words] = CommandLine.words(['--home', home, ...args, '--json']);
    const child = spawn(program, words, {
      cwd: this.#folders.temporary,
      env: { ...this.environment(), ...env } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const started = new Process(child, join(this.#folders.said, name));
    this.#alive.add(started);
    return started;
  }

  /** Ends every command that still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#alive].map((running) => running[Symbol.asyncDispose]()));
  }

  /** What the commands are given of this process's surroundings. */
  environment(): Readonly<Record<string, string>> {
    const { temporary } = this.#folders;
    return { PATH: programPath(), HOME: temporary, TMPDIR: temporary, LANG: 'C.UTF-8' };
  }
}

class Process implements Running {
  readonly #child: ChildProcess;
  readonly #lines: Json[] = [];
  readonly #ended: Promise<number>;
  #said = '';
  #news: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(child: ChildProcess, record: string) {
    this.#child = child;
    const out = createWriteStream(`${record}.out`, { mode: 0o600 });
    const err = createWriteStream(`${record}.err`, { mode: 0o600 });
    child.stdout?.pipe(out);
    child.stderr?.pipe(err);
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#said = (this.#said + bytes.toString('utf8')).slice(-1_000);
    });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => this.#heard(line));
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve(3));
      child.once('close', (code) => {
        resolve(code ?? 3);
        this.#news.resolve();
      });
    });
  }

  async line(what: string, test: (line: Json) => boolean): Promise<Json> {
    const end = performance.now() + runMsMax;
    for (;;) {
      const found = this.#lines.find(test);
      if (found) return found;
      const news = this.#news.promise;
      const ended = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (ended || performance.now() > end) {
        throw new HandrailError('internal', `No ${what}: ${this.lastWords()}`);
      }
      await Promise.race([news, this.#ended, late(1_000)]);
    }
  }

  async finished(
    msMax: number,
  ): Promise<{ readonly code: number; readonly last: Json | undefined }> {
    const code = await Promise.race([this.#ended, late(msMax)]);
    if (code === undefined) throw new HandrailError('timeout', `Too slow: ${this.lastWords()}`);
    return { code, last: this.#lines.at(-1) };
  }

  lastWords(): string {
    return this.#said.trim().split('\n').slice(-3).join(' / ') || 'it said nothing';
  }

  async stop(): Promise<number> {
    this.#child.kill('SIGTERM');
    return (await this.finished(stopMsMax)).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await this.stop().catch(() => undefined);
    }
    try {
      process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  }

  #heard(line: string): void {
    try {
      this.#lines.push(JSON.parse(line));
    } catch {
      return;
    }
    if (this.#lines.length > linesMax) this.#lines.shift();
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }
}

async function late(ms: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
