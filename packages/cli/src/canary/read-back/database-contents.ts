// What the tables of a database hold, beside what its files show: PostgreSQL keeps long values
// compressed and cut. A copy is opened, never the database itself.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { collect, joined, PieceBook } from './pieces.ts';

export interface Content {
  readonly place: string;
  readonly bytes: Buffer;
}

interface Table {
  readonly schema: string;
  readonly name: string;
}

const tables = `select table_schema as schema, table_name as name from information_schema.tables
  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`;
const rowsAtOnce = 500;

/** Every value of every row, and each column put together over its rows. */
export async function* databaseContents(folder: string): AsyncGenerator<Content> {
  const copy = await mkdtemp(join(tmpdir(), 'handrail-canary-'));
  try {
    await cp(folder, copy, { recursive: true });
    const database = await PGlite.create(copy);
    try {
      const { rows } = await database.query<Table>(tables);
      for (const table of rows) yield* tableContents(database, table);
    } finally {
      await database.close();
    }
  } finally {
    await rm(copy, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function* tableContents(database: PGlite, { schema, name }: Table): AsyncGenerator<Content> {
  const from = `"${schema}"."${name}"`;
  const columns = new PieceBook();
  for (let at = 0; ; at += rowsAtOnce) {
    const { rows } = await database.query<Record<string, unknown>>(
      `select * from ${from} order by ctid limit ${rowsAtOnce} offset ${at}`,
    );
    for (const row of rows) {
      collect('', row, columns);
      for (const [column, value] of Object.entries(row)) {
        yield { place: `${from}.${column}`, bytes: bytesOf(value) };
      }
    }
    if (rows.length < rowsAtOnce) break;
  }
  for (const bytes of joined(columns)) yield { place: from, bytes };
}

function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value), 'utf8');
}
