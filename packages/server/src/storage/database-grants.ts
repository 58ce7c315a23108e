// Who else than the server may read its tables, by the database's own catalogue: everybody, or a
// role that may sign in and has the right itself or through any role that it may put on.
import { sql } from 'kysely';
import type { Database } from './database.ts';
import { serverRole } from './postgres-roles.ts';

export interface OpenTable {
  /** With its schema. */
  readonly table: string;
  /** A role, or `public` for everybody. */
  readonly grantee: string;
}

const shownMax = 200;

/** An administrator of the cluster can read everything; no table says otherwise. */
export async function openTables(db: Database): Promise<readonly OpenTable[]> {
  const { rows } = await sql<OpenTable>`
    with ours as (
      select c.oid, n.nspname || '.' || c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_t'
        and c.relkind in ('r', 'v', 'm', 'p', 'f')
    )
    select name as "table", 'public' as grantee
    from ours where has_any_column_privilege('public', ours.oid, 'select')
    union
    select ours.name as "table", role.rolname::text as grantee
    from ours cross join pg_roles role
    where role.rolcanlogin and not role.rolsuper
      and role.rolname not in (${serverRole}, current_user)
      and exists (select from pg_roles worn where pg_has_role(role.oid, worn.oid, 'member')
        and has_any_column_privilege(worn.oid, ours.oid, 'select'))
    order by 1, 2 limit ${shownMax}`.execute(db);
  return rows;
}

/** Roles that may sign in and that no row security would hold back. */
export async function rolesPastRowSecurity(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly role: string }>`
    select rolname as role from pg_roles
    where rolcanlogin and rolbypassrls and not rolsuper and rolname <> current_user
    order by 1 limit ${shownMax}`.execute(db);
  return rows.map(({ role }) => role);
}
