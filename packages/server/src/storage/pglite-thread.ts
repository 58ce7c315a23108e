// PGlite on a thread of its own, so that requests do not wait while it computes. It looks like a
// PGlite to the query builder and to the job queue; transactions are PGlite's own.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HandrailError } from '@handrail/core/errors';
import type { PGliteTransaction, PGlite as PgliteForKysely } from 'kysely';
import type { Answer, Ask, Failure, Rows, Statement } from './pglite-host.ts';

const callsWaitingMax = 10_000;
const pingEveryMs = 1_000;
/** PostgreSQL's classes of system, resource and internal errors: after one, PGlite may hang. */
const fatalClasses = ['53', '58', 'XX'];

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

type Query = PgliteForKysely['query'];

export class PgliteThread implements PgliteForKysely {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stallMsMax: number;
  #pinging: NodeJS.Timeout | undefined;
  #call = 0;
  #heardAtMs = performance.now();
  readonly #whenLost = Promise.withResolvers<Error>();
  #lost: HandrailError | undefined;
  /** Resolves once nothing can be asked any more, unless it was closed. */
  readonly lost = this.#whenLost.promise;
  readonly ready = true;
  readonly waitReady = Promise.resolve();
  closed = false;

  private constructor(thread: Worker, stallMsMax: number) {
    this.#thread = thread;
    this.#stallMsMax = stallMsMax;
    thread.on('message', (answer: Answer) => this.#settle(answer));
    thread.on('error', (cause) => this.#lose(cause));
    thread.on('exit', () => this.#lose());
  }

  /**
   * The caller holds the lock of the folder. One that says nothing for `stallMsMax` while it is
   * asked counts as lost. Throws `storage.broken`.
   */
  static async open(folder: string, stallMsMax: number): Promise<PgliteThread> {
    const thread = new Worker(new URL('./pglite-host.ts', import.meta.url));
    const pglite = new PgliteThread(thread, stallMsMax);
    try {
      await pglite.#ask({ kind: 'open', folder });
      pglite.#pinging = setInterval(() => pglite.#ping(), pingEveryMs).unref();
      return pglite;
    } catch (cause) {
      await thread.terminate();
      throw new HandrailError('storage.broken', `The database in ${folder} does not open.`, {
        cause,
      });
    }
  }

  query: Query = async <T>(sql: string, parameters: unknown[] = []) =>
    rowsOf<T>(await this.#ask({ kind: 'query', sql, parameters }));

  /** Several statements without parameters. */
  async exec(sql: string): Promise<Rows[]> {
    const { results } = await this.#ask({ kind: 'exec', sql });
    return [...results];
  }

  async transaction<T>(work: (transaction: PGliteTransaction) => Promise<T>): Promise<T> {
    const { transaction } = await this.#ask({ kind: 'begin' });
    const query: Query = async <R>(sql: string, parameters: unknown[] = []) =>
      rowsOf<R>(await this.#ask({ kind: 'query', sql, parameters, transaction }));
    const rollback = async () => {
      await this.#ask({ kind: 'end', transaction, keep: false });
    };
    let result: T;
    try {
      result = await work({ query, rollback });
    } catch (error) {
      await rollback();
      throw error;
    }
    await this.#ask({ kind: 'end', transaction, keep: true });
    return result;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const exited = once(this.#thread, 'exit');
    await this.#ask({ kind: 'close' });
    await exited;
  }

  #ask(statement: Statement): Promise<Answer> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (this.#waiting.size >= callsWaitingMax) {
      const busy = new HandrailError('rate.limited', 'The database is busy: try again shortly.');
      return Promise.reject(busy);
    }
    const call = ++this.#call;
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#thread.postMessage({ ...statement, call } satisfies Ask);
    });
  }

  /** After some errors PGlite computes for ever, and the error is never told. */
  #ping(): void {
    const now = performance.now();
    if (this.#waiting.size === 0) this.#heardAtMs = now;
    else if (now - this.#heardAtMs > this.#stallMsMax) void this.#end('It answers no more.');
    this.#thread.postMessage({ kind: 'ping', call: 0 } satisfies Ask);
  }

  #settle(answer: Answer): void {
    this.#heardAtMs = performance.now();
    const waiting = this.#waiting.get(answer.call);
    this.#waiting.delete(answer.call);
    if (answer.failure === undefined) waiting?.resolve(answer);
    else waiting?.reject(errorOf(answer.failure));
    if (isFatal(answer.failure)) void this.#end(answer.failure.message);
  }

  async #end(message: string): Promise<void> {
    this.#lose(new Error(message));
    await this.#thread.terminate();
  }

  #lose(cause?: unknown): void {
    clearInterval(this.#pinging);
    this.#lost ??= new HandrailError('storage.broken', 'The database has stopped: start again.', {
      cause,
    });
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
    if (!this.closed) this.#whenLost.resolve(this.#lost);
  }
}

function isFatal(failure: Failure | undefined): failure is Failure {
  return fatalClasses.includes(failure?.code?.slice(0, 2) ?? '');
}

function rowsOf<T>({ results }: Answer) {
  const [{ rows, affectedRows } = { rows: [], affectedRows: 0 }] = results;
  return { rows: rows as T[], affectedRows, fields: [] };
}

/** As the driver would have thrown it: with PostgreSQL's code. */
function errorOf({ message, code }: Failure): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
