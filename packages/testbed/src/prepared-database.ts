// A database as its first start leaves it: made once for a run of the tests, with our migrations,
// and copied for each server, which takes a tenth of a second where a first start takes four.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomBytes } from '@handrail/core/seal';
import { JobQueue } from '@handrail/server/jobs/job-queue';
import { openDatabase } from '@handrail/server/storage/database';

const run = promisify(execFile);
const stallMsMax = 60_000;

/** Where a run of the tests keeps it; elsewhere, as in a benchmark, first starts are real. */
export const preparedVariable = 'HANDRAIL_TEST_PREPARED';

/** Puts a copy where the server of this data folder opens its database. */
export async function layDatabase(dataFolder: string): Promise<void> {
  const place = process.env[preparedVariable];
  if (place === undefined) return;
  const prepared = join(place, 'database');
  if (!existsSync(prepared)) await prepare(prepared);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await run('cp', ['-a', '--reflink=auto', prepared, join(dataFolder, 'database')]);
}

/** Whoever comes second beside another loses, and takes the other's. */
async function prepare(folder: string): Promise<void> {
  const making = `${folder}-${randomUUID()}`;
  const { db, queue, close } = await openDatabase({ kind: 'pglite', folder: making, stallMsMax });
  const onError = (error: Error) => {
    throw error;
  };
  const options = { db, queue, retrySeconds: 0, nowMs: Date.now, randomBytes, onError };
  const jobs = await JobQueue.open(options);
  await jobs[Symbol.asyncDispose]();
  await close();
  await rename(making, folder).catch(() => rm(making, { recursive: true }));
}
