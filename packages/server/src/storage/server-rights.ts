// The server starts on PostgreSQL only in a role that can do no more than it needs: whoever takes
// the server over has that role's rights, whatever the code says.
import { HandrailError } from '@handrail/core/errors';
import { type Kysely, sql } from 'kysely';
import { appendOnly, serverRole } from './postgres-roles.ts';
import type { Tables } from './tables.ts';

/** Each is true where the role that signed in has too much. */
interface TooMuch {
  readonly superuser: boolean;
  readonly bypassrls: boolean;
  readonly roles: boolean;
  readonly member: boolean;
  readonly owner: boolean;
  readonly creator: boolean;
  readonly rewriter: boolean;
}

const says: Readonly<Record<keyof TooMuch, string>> = {
  superuser: 'is a superuser',
  bypassrls: 'bypasses row security',
  roles: 'may make roles, databases or replicas',
  member: 'is a member of other roles',
  owner: 'owns what it works with',
  creator: 'may create tables, temporary ones among them',
  rewriter: 'may change what the ledger stands on',
};

/** In words, what the role that signed in has too much; nothing is as it should be. */
export async function excessRights(db: Kysely<Tables>): Promise<readonly string[]> {
  const found = await tooMuch(db);
  return Object.entries(says).flatMap(([name, words]) =>
    found[name as keyof TooMuch] ? [words] : [],
  );
}

/** Throws `usage.invalid`, naming what the role has too much. */
export async function requireLeastRights(db: Kysely<Tables>): Promise<void> {
  const excess = await excessRights(db);
  if (excess.length === 0) return;
  throw new HandrailError(
    'usage.invalid',
    `The server's database role ${excess.join(', ')}: run "handrail database prepare" as an ` +
      `administrator, and let the server sign in as ${serverRole}.`,
  );
}

/** Of the role that signed in, whichever it has put on: putting it off takes one statement. */
async function tooMuch(db: Kysely<Tables>): Promise<TooMuch> {
  const { rows } = await sql<TooMuch>`
    select rolsuper as superuser, rolbypassrls as bypassrls,
      rolcreaterole or rolcreatedb or rolreplication as roles,
      exists (select from pg_auth_members where member = me.oid) as member,
      exists (select from pg_class where relowner = me.oid)
        or exists (select from pg_namespace where nspowner = me.oid)
        or exists (select from pg_database where datdba = me.oid)
        or exists (select from pg_proc where proowner = me.oid) as owner,
      has_database_privilege(me.oid, current_database(), 'CREATE, TEMPORARY')
        or exists (select from pg_namespace
          where has_schema_privilege(me.oid, pg_namespace.oid, 'CREATE')) as creator,
      exists (select from pg_class
        where relnamespace = 'public'::regnamespace and relname in (${sql.join(appendOnly)})
          and has_table_privilege(me.oid, pg_class.oid, 'UPDATE, DELETE, TRUNCATE')) as rewriter
    from pg_roles as me where rolname = session_user`.execute(db);
  const [row] = rows;
  if (row !== undefined) return row;
  throw new HandrailError('storage.broken', 'The database does not say what the server may do.');
}
