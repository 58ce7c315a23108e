// The entry of the database's thread: statements in, their rows or their errors out. While a
// transaction is open, PGlite lets what does not belong to it wait.
import { parentPort } from 'node:worker_threads';
import { PGlite, type Transaction } from '@electric-sql/pglite';

export type Statement =
  | { readonly kind: 'open'; readonly folder: string }
  | {
      readonly kind: 'query';
      readonly sql: string;
      readonly parameters: unknown[];
      readonly transaction?: number;
    }
  | { readonly kind: 'exec'; readonly sql: string }
  | { readonly kind: 'begin' }
  /** Committed if `keep`, else rolled back. */
  | { readonly kind: 'end'; readonly transaction: number; readonly keep: boolean }
  /** Answered at once, unless PGlite computes for ever. */
  | { readonly kind: 'ping' }
  | { readonly kind: 'close' };

export type Ask = Statement & { readonly call: number };

export interface Rows {
  readonly rows: unknown[];
  readonly affectedRows: number;
}

export interface Failure {
  readonly message: string;
  /** PostgreSQL's, such as `23505`. */
  readonly code: string | undefined;
}

export interface Answer {
  readonly call: number;
  readonly results: readonly Rows[];
  /** Of the transaction that has begun. */
  readonly transaction: number;
  readonly failure: Failure | undefined;
}

interface Open {
  readonly inside: Transaction;
  readonly end: (keep: boolean) => Promise<void>;
}

const transactions = new Map<number, Open>();
let pglite: PGlite | undefined;

async function answer(ask: Ask): Promise<void> {
  try {
    reply(ask.call, await run(ask));
  } catch (error) {
    reply(ask.call, [], failureOf(error));
  }
  if (ask.kind === 'close') parentPort?.close();
}

async function run(ask: Ask): Promise<readonly Rows[]> {
  if (ask.kind === 'ping') return [];
  if (ask.kind === 'open') {
    pglite = await PGlite.create(ask.folder);
    return [];
  }
  const database = opened();
  switch (ask.kind) {
    case 'query': {
      const place = ask.transaction === undefined ? database : open(ask.transaction).inside;
      return [rowsOf(await place.query(ask.sql, ask.parameters))];
    }
    case 'exec':
      return (await database.exec(ask.sql)).map(rowsOf);
    case 'begin':
      await begin(database, ask.call);
      return [];
    case 'end':
      await open(ask.transaction).end(ask.keep);
      return [];
    case 'close':
      await database.close();
      return [];
  }
}

/** Returns once the transaction, which is named by `call`, has begun. */
function begin(database: PGlite, call: number): Promise<void> {
  return new Promise((begun, failed) => {
    const { promise: ending, resolve: endNow } = Promise.withResolvers<boolean>();
    const ended = database.transaction(async (inside) => {
      const end = async (keep: boolean) => {
        transactions.delete(call);
        endNow(keep);
        await ended;
      };
      transactions.set(call, { inside, end });
      begun();
      if (!(await ending)) await inside.rollback();
    });
    ended.catch(failed);
  });
}

function reply(call: number, results: readonly Rows[], failure?: Failure): void {
  parentPort?.postMessage({ call, results, transaction: call, failure } satisfies Answer);
}

function rowsOf({ rows, affectedRows }: { rows: unknown[]; affectedRows?: number }): Rows {
  return { rows, affectedRows: affectedRows ?? 0 };
}

function opened(): PGlite {
  if (pglite === undefined) throw new Error('The database is not open.');
  return pglite;
}

function open(transaction: number): Open {
  const found = transactions.get(transaction);
  if (found === undefined) throw new Error('The transaction has ended.');
  return found;
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return { message, code: typeof code === 'string' ? code : undefined };
}

parentPort?.on('message', (ask: Ask) => void answer(ask));
