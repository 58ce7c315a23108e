// A real PostgreSQL of Debian's, in a temporary folder, on a Unix socket only, as a user who is not
// root. It does not sync: tests kill our processes, never the power.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serverRole } from '@handrail/server/storage/postgres-roles';
import { prepareDatabase } from '@handrail/server/storage/prepare-database';

const run = promisify(execFile);
const versionsFolder = '/usr/lib/postgresql';
const startMsMax = 20_000;

export interface TestDatabase {
  /** As the role that servers sign in with. */
  readonly url: string;
  /** As the superuser. */
  readonly adminUrl: string;
  /** Runs SQL in it as the superuser. */
  readonly administer: (sql: string) => Promise<void>;
}

export interface TestPostgres {
  /** Makes a database that was prepared, and gives the server's own address for it. */
  newDatabase(): Promise<TestDatabase>;
  /** Makes an empty database and gives the superuser's address for it. */
  emptyDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Folder of PostgreSQL's programs, or undefined where it is not installed. */
export async function postgresPrograms(): Promise<string | undefined> {
  const versions = existsSync(versionsFolder) ? await readdir(versionsFolder) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versionsFolder, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')));
}

/** Starts one. Throws when it does not answer within 20 s. */
export async function startPostgres(programs: string): Promise<TestPostgres> {
  // Socket paths have at most 107 letters, so this does not lie below a test's own folder.
  const folder = await mkdtemp('/tmp/handrail-pg-');
  const user = await serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const as = (program: string, ...rest: string[]): [string, string[]] =>
    user
      ? ['runuser', ['-u', user.name, '--', join(programs, program), ...rest]]
      : [join(programs, program), rest];
  const cwd = folder;
  await run(...as('initdb', '-D', data, '-A', 'trust', '-U', 'test', '-E', 'UTF8', '-N'), { cwd });
  const settings = ['listen_addresses=', 'fsync=off', `unix_socket_directories=${folder}`];
  const server = spawn(
    ...as('postgres', '-D', data, ...settings.flatMap((setting) => ['-c', setting])),
    { cwd, stdio: 'ignore' },
  );
  const ended = once(server, 'exit');
  const ask = (sql: string, database = 'postgres') =>
    run(...as('psql', '-h', folder, '-U', 'test', '-d', database, '-c', sql), { cwd });
  const stop = async () => {
    await run(...as('pg_ctl', '-D', data, '-m', 'immediate', 'stop'), { cwd }).catch(() => {
      server.kill('SIGKILL');
    });
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await untilAnswers(ask, stop);
  let made = 0;
  const emptyDatabase = async () => {
    made += 1;
    await ask(`create database test_${made}`);
    return `postgres://test@/test_${made}?host=${encodeURIComponent(folder)}`;
  };
  return {
    stop,
    emptyDatabase,
    newDatabase: async () => {
      const adminUrl = await emptyDatabase();
      await prepareDatabase({ adminUrl });
      const [database] = /test_\d+/.exec(adminUrl) ?? [];
      return {
        adminUrl,
        url: adminUrl.replace('//test@', `//${serverRole}@`),
        administer: async (sql) => {
          await ask(sql, database);
        },
      };
    },
  };
}

async function untilAnswers(ask: (sql: string) => Promise<unknown>, stop: () => Promise<void>) {
  const endMs = Date.now() + startMsMax;
  for (;;) {
    try {
      await ask('select 1');
      return;
    } catch (cause) {
      if (Date.now() > endMs) {
        await stop();
        throw new Error('PostgreSQL did not start.', { cause });
      }
      await delay(100);
    }
  }
}

/** PostgreSQL refuses to run as root; Debian's package brings a user of its own. */
async function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const { stdout } = await run('getent', ['passwd', 'postgres']);
  const [name = 'postgres', , uid, gid] = stdout.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
}
