// One set of migrations for every database, in the order of their names. One that was published is
// never edited.
import { HandrailError } from '@handrail/core/errors';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { first } from './migrations/0001-first.ts';
import { retention } from './migrations/0002-retention.ts';
import type { Tables } from './tables.ts';

const migrations = {
  '0001-first': of(first),
  '0002-retention': of(retention),
} as const;

/** Brings the database up to date. Throws `storage.broken`. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) {
    throw new HandrailError('storage.broken', 'The database could not be brought up to date.', {
      cause: error,
    });
  }
}

function of(statements: readonly string[]): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}
