// One set of migrations for every database, in the order of their names. One that was published is
// never edited.
import { HandrailError } from '@handrail/core/errors';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { first } from './migrations/0001-first.ts';
import { retention } from './migrations/0002-retention.ts';
import { programme } from './migrations/0003-programme.ts';
import { erasure } from './migrations/0006-erasure.ts';
import { objections } from './migrations/0007-objections.ts';
import { incidents } from './migrations/0008-incidents.ts';
import { identity } from './migrations/0009-identity.ts';
import { models } from './migrations/0010-models.ts';
import { bystanders } from './migrations/0011-bystanders.ts';
import type { Tables } from './tables.ts';

const migrations = {
  '0001-first': of(first),
  '0002-retention': of(retention),
  '0003-programme': of(programme),
  '0006-erasure': of(erasure),
  '0007-objections': of(objections),
  '0008-incidents': of(incidents),
  '0009-identity': of(identity),
  '0010-models': of(models),
  '0011-bystanders': of(bystanders),
} as const;

/** Brings the database up to date. Throws `storage.broken`. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) {
    throw new HandrailError('storage.broken', 'The database could not be brought up to date.', {
      cause: error,
    });
  }
}

/** Throws `usage.invalid` when there is something left to do. */
export async function requireMigrated(db: Kysely<Tables>): Promise<void> {
  const known = await migratorOf(db).getMigrations();
  if (known.every(({ executedAt }) => executedAt !== undefined)) return;
  const what = 'The database is not ready for this version';
  throw new HandrailError('usage.invalid', `${what}: run "handrail database prepare".`);
}

function migratorOf(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
}

function of(statements: readonly string[]): Migration {
  return {
    up: async (db: Kysely<unknown>) => {
      for (const statement of statements) await sql.raw(statement).execute(db);
    },
  };
}
