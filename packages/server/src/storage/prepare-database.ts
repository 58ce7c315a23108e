// Makes a PostgreSQL database ready for a server that may do little in it: roles, tables, the
// queue's tables, and rights. Run by an administrator, at first and for every new version.
import { HandrailError } from '@handrail/core/errors';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { migrateQueue } from '../jobs/job-queue.ts';
import { migrate } from './migrations.ts';
import { ownerRole, rightStatements, roleStatements, serverRole } from './postgres-roles.ts';
import type { Tables } from './tables.ts';

export interface Preparation {
  /** Of a role that may make roles and grant on the database: `postgres://…`. */
  readonly adminUrl: string;
  /** For the server's role; left out, it signs in by what the cluster allows without one. */
  readonly serverPassword?: string | undefined;
}

/** May be run again. Throws `storage.broken`, `access.denied`. */
export async function prepareDatabase({ adminUrl, serverPassword }: Preparation): Promise<void> {
  await within(adminUrl, async (db) => {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db);
    await all(db, roleStatements(pg.escapeIdentifier(rows[0]?.name ?? '')));
    if (serverPassword === undefined) return;
    const password = pg.escapeLiteral(serverPassword);
    await all(db, [`alter role ${serverRole} password ${password}`]);
  });
  const ownerUrl = `${adminUrl}${adminUrl.includes('?') ? '&' : '?'}options=${asOwner}`;
  await within(ownerUrl, migrate);
  await migrateQueue(ownerUrl);
  await within(ownerUrl, (db) => all(db, rightStatements()));
}

const asOwner = encodeURIComponent(`-c role=${ownerRole}`);

async function within(url: string, work: (db: Kysely<Tables>) => Promise<void>): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await work(db);
  } catch (cause) {
    throw preparationError(cause);
  } finally {
    await db.destroy();
  }
}

async function all(db: Kysely<Tables>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const insufficientPrivilege = '42501';

function preparationError(cause: unknown): HandrailError {
  const denied = cause instanceof Error && 'code' in cause && cause.code === insufficientPrivilege;
  return denied
    ? new HandrailError('access.denied', 'This role may not prepare it: use an administrator’s.', {
        cause,
      })
    : new HandrailError('storage.broken', 'The database could not be prepared.', { cause });
}
