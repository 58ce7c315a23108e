import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import { sealSegment } from '@handrail/core/segment';
import { deviceRoutes, incidentRoutes } from '@handrail/core/wire';
import { postgresPrograms, startPostgres, type TestPostgres } from '@handrail/testbed/postgres';
import {
  activateManifest,
  callAs,
  headerOf,
  issueKeys,
  joinAs,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { prepareDatabase } from './prepare-database.ts';

const programs = await postgresPrograms();
const denied = '42501';
const secret = toBase64url(randomBytes(24));

describe.skipIf(programs === undefined)('whoever holds the server’s own database role', () => {
  let folder: string;
  let postgres: TestPostgres;
  let sample: SampleProgramme;
  let server: RunningServer;
  let adminUrl: string;
  let url: string;
  let admin: pg.Client;
  let stolen: pg.Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'server-'));
    postgres = await startPostgres(programs ?? '');
    ({ url, adminUrl } = await postgres.newDatabase());
    sample = await sampleProgramme(folder);
    server = await startServer({ ...sample.settings, databaseUrl: url });
    const manifest = await activateManifest(server.url, sample);
    const ann = await joinAs(server.url, sample, manifest);
    const sealedTo = await issueKeys(server.url, sample, ann);
    const content = new TextEncoder().encode(secret.repeat(50));
    const segment = await sealSegment(headerOf(sample, ann, sealedTo), content, ann.signer);
    await callAs(server.url, ann, deviceRoutes.putSegment, {
      params: { id: segment.id },
      body: segment.bytes,
    });
    [admin, stolen] = [await connected(adminUrl), await connected(url)];
  });

  afterAll(async () => {
    await Promise.all([admin?.end(), stolen?.end()]);
    await server?.close();
    await postgres?.stop();
    if (folder) await rm(folder, { recursive: true });
  });

  const refused = [
    'set role handrail_migrate',
    'set role test',
    'set session authorization test',
    "select set_config('role', 'handrail_migrate', false)",
    "select set_config('session_authorization', 'test', false)",
    "select set_config('log_statement', 'all', false)",
    "alter system set log_statement = 'all'",
    'alter role handrail_server superuser',
    'create role other superuser',
    'grant handrail_migrate to handrail_server',
    'create view every as select * from participant',
    'create table other (secret text)',
    'create schema other',
    'create function other() returns int language sql as $$ select 1 $$',
    'create temporary table statement (leaf integer)',
    'create temporary view participant as select 1',
    "do $$ begin execute 'set role handrail_migrate'; end $$",
    "copy participant to program 'cat'",
    "copy participant to '/tmp/handrail-stolen'",
    "copy participant (pseudonym) from '/etc/passwd'",
    "select pg_read_file('/etc/passwd')",
    "select pg_read_binary_file('global/pg_control')",
    "select pg_ls_dir('/')",
    "select pg_stat_file('postgresql.conf')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/handrail-stolen')",
    'select * from pg_authid',
    'select * from pg_statistic',
    'select pg_reload_conf()',
    'update statement set digest = commitment',
    'delete from statement',
    'truncate statement',
    'update intake_batch set leaf = 0',
    'delete from intake_batch',
    'delete from approval',
    'alter table statement disable trigger all',
    'drop table statement',
    'delete from kysely_migration',
  ];

  test.each(refused)('is refused: %s', async (statement) => {
    const tried = stolen.query(statement).then(
      () => 'done',
      (error: { readonly code?: string }) => error.code,
    );
    expect(await tried).toBe(denied);
  });

  test('stays who it is after RESET ROLE, and sees no other session’s queries', async () => {
    await stolen.query('reset role');
    await stolen.query('reset session authorization');
    const who = await stolen.query('select session_user, current_user');
    expect(who.rows).toEqual([
      { session_user: 'handrail_server', current_user: 'handrail_server' },
    ]);
    await admin.query('select 1 as spoken_by_the_administrator');
    const seen = await stolen.query('select query from pg_stat_activity');
    expect(JSON.stringify(seen.rows)).not.toContain('spoken_by_the_administrator');
  });

  test('finds no large object of others', async () => {
    const { rows } = await admin.query("select lo_from_bytea(0, 'held') as id");
    await expect(stolen.query('select lo_get($1)', [rows[0].id])).rejects.toMatchObject({
      code: denied,
    });
  });

  test('finds nothing that was captured: not in rows, not in statistics', async () => {
    await admin.query('analyze');
    const tables = await stolen.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('public', 'jobs')`,
    );
    const names = [...tables.rows.map(({ name }) => String(name)), 'pg_stats', 'pg_stats_ext'];
    const lines: string[] = [];
    for (const name of names) {
      const { rows } = await stolen.query(`select t::text from ${name} t`);
      lines.push(...rows.map((row) => String(row.t)));
    }
    const text = lines.join('\n');
    expect(text).toContain('handrail');
    expect(text).toMatch(/seg_[0-9a-z]{26}/);
    for (const form of [
      secret,
      Buffer.from(secret).toString('hex'),
      toBase64url(Buffer.from(secret)),
    ]) {
      expect(text).not.toContain(form.slice(0, 24));
    }
  });

  test('the server refuses to start with more rights than it needs, and says why', async () => {
    const excess = async (change: string, undo: string, databaseUrl = url) => {
      await admin.query(change);
      const settings = { ...sample.settings, dataFolder: join(folder, 'other'), databaseUrl };
      const started = startServer(settings).then(
        (running) => running.close(),
        (error: unknown) => error,
      );
      expect(await started, change).toMatchObject({
        code: 'usage.invalid',
        message: expect.stringMatching(/handrail database prepare.*handrail_server/),
      });
      await admin.query(undo);
    };
    const role = 'alter role handrail_server';
    await excess('select 1', 'select 1', adminUrl);
    await excess('select 1', 'select 1', `${adminUrl}&options=-c%20role%3Dhandrail_server`);
    await excess(`${role} superuser`, `${role} nosuperuser`);
    await excess(`${role} bypassrls`, `${role} nobypassrls`);
    await excess(`${role} createrole`, `${role} nocreaterole`);
    await excess(
      'grant handrail_migrate to handrail_server',
      'revoke handrail_migrate from handrail_server',
    );
    await excess(
      'alter table refusal owner to handrail_server',
      'alter table refusal owner to handrail_migrate',
    );
    await excess(
      'grant create on schema public to public',
      'revoke create on schema public from public',
    );
    const database = new URL(adminUrl.replace('@', '@x')).pathname.slice(1);
    const temporary = `temporary on database ${database}`;
    await excess(`grant ${temporary} to public`, `revoke ${temporary} from public`);
    await excess(
      'grant update on statement to handrail_server',
      'revoke update on statement from handrail_server',
    );
    await excess(
      'grant delete on intake_batch to public',
      'revoke delete on intake_batch from public',
    );
  });

  test('probes see who else could read by the database’s own catalogue, and what the server can', {
    timeout: 60_000,
  }, async () => {
    const found = async () => {
      const { open } = await callAs(server.url, sample.prober, incidentRoutes.probeStorage);
      return [...new Set(open.map(({ path, identity }) => `${path} to ${identity}`))];
    };
    const seen = async (change: string, undo: string) => {
      await admin.query(change);
      const open = await found();
      await admin.query(undo);
      expect(await found(), undo).toEqual([]);
      return open;
    };
    expect(await found()).toEqual([]);
    await admin.query('create role snoop login');
    expect(await found()).toEqual([]);
    const one = ['table public.segment to snoop'];
    const column = 'select (id) on segment';
    const grants = [
      [`grant select on segment to snoop`, 'revoke select on segment from snoop'],
      [`grant ${column} to snoop`, `revoke ${column} from snoop`],
    ] as const;
    for (const [change, undo] of grants) expect(await seen(change, undo)).toEqual(one);
    expect(await seen(`grant ${column} to public`, `revoke ${column} from public`)).toEqual([
      'table public.segment to public',
      'table public.segment to snoop',
    ]);
    for (const role of ['handrail_migrate', 'handrail_server', 'pg_read_all_data', 'test']) {
      await admin.query('alter role snoop noinherit');
      const open = await seen(`grant ${role} to snoop`, `revoke ${role} from snoop`);
      expect([role, open]).toEqual([role, expect.arrayContaining(one)]);
    }
    const past = await seen('alter role snoop bypassrls', 'alter role snoop nobypassrls');
    expect(past).toEqual(['row security to snoop']);
    const own = 'database role: is a member of other roles to handrail_server';
    const worn = ['grant handrail_migrate to handrail_server'] as const;
    expect(await seen(worn[0], 'revoke handrail_migrate from handrail_server')).toEqual([own]);
    await admin.query('drop role snoop');
  });

  test('a database that was not prepared, or for an older version, is refused', async () => {
    const empty = await postgres.emptyDatabase();
    const databaseUrl = empty.replace('//test@', '//handrail_server@');
    const settings = { ...sample.settings, dataFolder: join(folder, 'third'), databaseUrl };
    const unready = { code: 'usage.invalid', message: expect.stringContaining('database prepare') };
    await expect(startServer(settings)).rejects.toMatchObject(unready);
    await prepareDatabase({ adminUrl: empty });
    const owner = await connected(empty);
    const gone = "delete from kysely_migration where name like '0002%'";
    await owner.query(gone);
    await owner.end();
    await expect(startServer(settings)).rejects.toMatchObject(unready);
    await expect(prepareDatabase({ adminUrl: databaseUrl })).rejects.toMatchObject({
      code: 'access.denied',
    });
  });

  test('preparing again changes nothing, and sets the password that is given', async () => {
    await prepareDatabase({ adminUrl, serverPassword: "it's \\ made up" });
    const { rows } = await admin.query(
      "select rolpassword is not null as has from pg_authid where rolname = 'handrail_server'",
    );
    expect(rows).toEqual([{ has: true }]);
  });
});

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
