// Where probes may look: ids that really exist, and permissions as the server's own account finds
// them. They open nothing.
import type { Person, ProbeFinding } from '@handrail/core/statement';
import { type RawBuilder, sql } from 'kysely';
import type { ServerContext } from '../context.ts';
import { openTables, rolesPastRowSecurity } from '../storage/database-grants.ts';
import { openToOthers } from '../storage/open-to-others.ts';
import { serverRole } from '../storage/postgres-roles.ts';
import { excessRights } from '../storage/server-rights.ts';
import { requireMay } from './probes.ts';

const idsPerKind = 3;

/** By the word that the prober fills into a path. */
const sources: Readonly<Record<string, RawBuilder<{ id: string }>>> = {
  segment: sql`select id from segment where stored`,
  quarantined: sql`select id from segment where stored and state = 'quarantined'`,
  session: sql`select distinct session as id from segment where stored`,
  participant: sql`select distinct pseudonym as id from segment where stored`,
  trajectory: sql`select id from trajectory where stored and not removed order by ordinal desc`,
  job: sql`select id from job where requester is not null`,
  result: sql`select result as id from job where result is not null and state = 'done'`,
  grant: sql`select id from grant_request order by ordinal desc`,
  release: sql`select id from release order by ordinal desc`,
  manifest: sql`select id from manifest order by number desc`,
  incident: sql`select id from incident order by leaf desc`,
};

export async function probeTargets(context: ServerContext, caller: Person) {
  requireMay(context, caller, 'probe.report');
  const ids: Record<string, string[]> = {};
  for (const [kind, source] of Object.entries(sources)) {
    const query = sql<{ id: string }>`${source} limit ${idsPerKind}`;
    const { rows } = await query.execute(context.db);
    ids[kind] = rows.map(({ id }) => id);
  }
  return { ids };
}

/** Permissions of the database, and of the folder that holds it, objects and ledger. */
export async function probeStorage(context: ServerContext, caller: Person) {
  requireMay(context, caller, 'probe.report');
  const folders = await openToOthers(context.config.dataFolder);
  return {
    open: [
      ...folders.map((place) => finding(`folder server${place}`, 'any account')),
      ...(await openInDatabase(context)),
    ],
  };
}

/** PGlite has one account, which is the server's own. */
async function openInDatabase({ db, config }: ServerContext): Promise<ProbeFinding[]> {
  const tables = await openTables(db);
  const open = tables.map(({ table, grantee }) => finding(`table ${table}`, grantee));
  if (config.databaseUrl === undefined) return open;
  const past = await rolesPastRowSecurity(db);
  const excess = await excessRights(db);
  return [
    ...open,
    ...past.map((role) => finding('row security', role)),
    ...excess.map((words) => finding(`database role: ${words}`, serverRole)),
  ];
}

function finding(path: string, identity: string): ProbeFinding {
  return { path, identity, what: 'open' };
}
