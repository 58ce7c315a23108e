// One database behind one query builder: PGlite in a folder, or PostgreSQL by its address.
import { mkdir } from 'node:fs/promises';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type ConstructorOptions, fromPglite } from 'pg-boss';
import { migrate, requireMigrated } from './migrations.ts';
import { PgliteThread } from './pglite-thread.ts';
import { requireLeastRights } from './server-rights.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

export interface OpenDatabase {
  readonly kind: 'pglite' | 'postgres';
  readonly db: Database;
  /** How the job queue reaches the same database. */
  readonly queue: ConstructorOptions;
  /** Resolves, with why, once it can do nothing any more. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

export type DatabasePlace =
  | { readonly kind: 'pglite'; readonly folder: string; readonly stallMsMax: number }
  | { readonly kind: 'postgres'; readonly url: string };

type PglitePlace = Extract<DatabasePlace, { readonly kind: 'pglite' }>;

const connectionsMax = 10;
const queueConnectionsMax = 4;

/**
 * Opens, and migrates PGlite, whose folder the caller has locked; PostgreSQL was prepared by an
 * administrator. Throws `storage.broken`, `usage.invalid`.
 */
export async function openDatabase(place: DatabasePlace): Promise<OpenDatabase> {
  const opened = place.kind === 'pglite' ? await openPglite(place) : openPostgres(place.url);
  try {
    if (opened.kind === 'pglite') await migrate(opened.db);
    else {
      await requireLeastRights(opened.db);
      await requireMigrated(opened.db);
    }
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function openPglite({ folder, stallMsMax }: PglitePlace): Promise<OpenDatabase> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pglite = await PgliteThread.open(folder, stallMsMax);
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  const queue = { db: fromPglite(pglite), backend: 'pglite' } as const;
  return { kind: 'pglite', db, queue, lost: pglite.lost, close: () => pglite.close() };
}

function openPostgres(url: string): OpenDatabase {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax });
  // Without a listener a lost idle connection would end the process; the next query says it anyway.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const queue = { connectionString: url, max: queueConnectionsMax, migrate: false };
  // What is lost of PostgreSQL is a connection; the next query takes another.
  const lost = Promise.withResolvers<Error>().promise;
  return { kind: 'postgres', db, queue, lost, close: () => db.destroy() };
}
