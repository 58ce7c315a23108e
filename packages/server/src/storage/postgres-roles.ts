// Who may do what in PostgreSQL. One role owns and migrates and nobody signs in as it; the other is
// the server's, which reads and writes rows and can neither make, change nor own anything.
import type { Tables } from './tables.ts';

export const ownerRole = 'handrail_migrate';
export const serverRole = 'handrail_server';
/** Where the job queue has its tables. */
export const queueSchema = 'jobs';

/** What the ledger's leaves stand for: the server adds rows and changes or removes none. */
export const appendOnly = [
  'statement',
  'intake_batch',
  'approval',
] as const satisfies readonly (keyof Tables)[];

/** For an administrator of the cluster, in the database itself; `database` is its quoted name. */
export function roleStatements(database: string): readonly string[] {
  return [
    roleIfMissing(ownerRole),
    roleIfMissing(serverRole),
    `alter role ${ownerRole} nologin`,
    `alter role ${serverRole} login nosuperuser nobypassrls nocreatedb nocreaterole noreplication
      noinherit`,
    `grant ${ownerRole} to current_user`,
    `revoke all on database ${database} from public`,
    `grant connect on database ${database} to ${serverRole}`,
    // A role without a temporary schema has no tables that could stand before ours.
    `alter role ${serverRole} in database ${database} set search_path = pg_catalog, public`,
    'revoke all on schema public from public',
    `create schema if not exists ${queueSchema} authorization ${ownerRole}`,
    `grant usage, create on schema public to ${ownerRole}`,
    `grant usage on schema public, ${queueSchema} to ${serverRole}`,
  ];
}

/** For the owner, once its tables are there. */
export function rightStatements(): readonly string[] {
  return [
    ...['public', queueSchema].flatMap((schema) => [
      `grant select, insert, update, delete on all tables in schema ${schema} to ${serverRole}`,
      `grant usage on all sequences in schema ${schema} to ${serverRole}`,
    ]),
    `revoke insert, update, delete on kysely_migration, kysely_migration_lock from ${serverRole}`,
    `revoke update, delete on ${appendOnly.join(', ')} from ${serverRole}`,
  ];
}

function roleIfMissing(role: string): string {
  return `do $$ begin if not exists (select from pg_roles where rolname = '${role}')
    then create role ${role}; end if; end $$`;
}
