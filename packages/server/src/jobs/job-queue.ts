// Jobs for the vault: queued by pg-boss and leased for seconds. What somebody waits for is tried a
// few times; what must not be lost is tried until the vault has done it or has said no.
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { type Job, type JobState, jobSchema } from '@handrail/core/wire';
import type { Transaction } from 'kysely';
import { type ConstructorOptions, fromKysely, PgBoss } from 'pg-boss';
import type { Database } from '../storage/database.ts';
import { queueSchema } from '../storage/postgres-roles.ts';
import type { JobRow, Tables } from '../storage/tables.ts';

const queueName = 'vault';
/** Tries again, for jobs that somebody waits for. */
export const retriesMax = 5;
const retryDelaySecondsMax = 60;
/** Accepted data and given consent hang on these: they are given back as often as it takes. */
const lasting: readonly string[] = [
  ...([
    'refine',
    'shred',
    'issue-keys',
    'review-releases',
    'remove-bystander',
  ] satisfies Job['kind'][]),
];
const lastingRetries = {
  retryLimit: 2_000_000_000,
  retryDelayMax: 300,
} as const;
/** pg-boss deletes what waits longer, ten years. */
const waitingSecondsMax = 315_360_000;
/** Longer than any lease, so that ours decide. */
const queueLeaseSeconds = 3_600;
const enqueuePerCallMax = 1_000;
/** What the database holds as an integer. */
const secondsMax = 2_147_483_647;

export interface NewJob {
  readonly job: Job;
  /** A pseudonym or a person's id. */
  readonly requester?: string;
}

export interface LeasedJob {
  readonly id: string;
  readonly job: Job;
}

export interface Outcome {
  readonly outcome: 'done' | 'failed' | 'retry';
  readonly reason?: string | undefined;
  readonly facts?: JobState['facts'];
  readonly result?: string | undefined;
}

export interface JobQueueOptions {
  readonly db: Database;
  readonly queue: ConstructorOptions;
  /** 0: at once, and not longer each time. */
  readonly retrySeconds: number;
  readonly nowMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Hears of trouble inside the queue; content-free. */
  readonly onError: (error: Error) => void;
}

export class JobQueue implements AsyncDisposable {
  readonly #options: JobQueueOptions;
  readonly #boss: PgBoss;
  readonly #wakers = new Set<() => void>();

  private constructor(options: JobQueueOptions, boss: PgBoss) {
    this.#options = options;
    this.#boss = boss;
  }

  static async open(options: JobQueueOptions): Promise<JobQueue> {
    const boss = new PgBoss({ ...options.queue, schema: queueSchema, schedule: false });
    boss.on('error', options.onError);
    await boss.start();
    const { retrySeconds } = options;
    const retries = {
      retryLimit: retriesMax,
      retryDelay: retrySeconds,
      expireInSeconds: queueLeaseSeconds,
      retentionSeconds: waitingSecondsMax,
      ...(retrySeconds > 0 ? { retryBackoff: true, retryDelayMax: retryDelaySecondsMax } : {}),
    };
    await boss.createQueue(queueName, retries);
    await boss.updateQueue(queueName, retries);
    return new JobQueue(options, boss);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wake();
    await this.#boss.stop({ graceful: false, close: true });
  }

  /** Enqueues inside the caller's transaction; call `wake` once that has ended. */
  async enqueue(
    transaction: Transaction<Tables>,
    jobs: readonly NewJob[],
  ): Promise<readonly string[]> {
    if (jobs.length === 0) return [];
    if (jobs.length > enqueuePerCallMax) throw new HandrailError('internal', 'Enqueue fewer jobs.');
    const rows = jobs.map((one) => this.#row(one));
    await this.#boss.insert(
      queueName,
      rows.map(({ queue_id, kind }) => ({
        id: queue_id,
        data: {},
        priority: priorityOf(kind),
        ...(lasting.includes(kind) ? lastingRetries : {}),
      })),
      { db: fromKysely(transaction) },
    );
    await transaction.insertInto('job').values(rows).execute();
    return rows.map(({ id }) => id);
  }

  /** Tells those who wait for a job that there may be one. */
  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  /** The next job, waiting up to `waitMs` for one. */
  async lease(seconds: number, waitMs: number): Promise<LeasedJob | undefined> {
    const woken = this.#nextWake(waitMs);
    try {
      const job = await this.#fetch(seconds);
      if (job !== undefined || waitMs === 0) return job;
      await woken.promise;
      return await this.#fetch(seconds);
    } finally {
      woken.stop();
    }
  }

  /** Gives back jobs whose leases have ended; gives those that will not be tried again. */
  endLostLeases(): Promise<readonly JobRow[]> {
    return this.#giveBack('The lease ended.', this.#nowSeconds());
  }

  /** As `endLostLeases` for all leased jobs: whoever had leased them has ended. */
  restart(): Promise<readonly JobRow[]> {
    return this.#giveBack('The vault was started again.', secondsMax);
  }

  /** Ends a running job, or gives it back. Gives its row as it is now, undefined if not running. */
  async finish(id: string, outcome: Outcome): Promise<JobRow | undefined> {
    const { db } = this.#options;
    const running = await this.#running(id);
    if (running === undefined) return undefined;
    const mayTryAgain = lasting.includes(running.kind) || running.attempts <= retriesMax;
    const again = outcome.outcome === 'retry' && mayTryAgain;
    const state = again ? 'waiting' : outcome.outcome === 'done' ? 'done' : 'failed';
    const updated = await db.transaction().execute(async (transaction) => {
      const options = { db: fromKysely(transaction) };
      if (again) await this.#boss.fail(queueName, running.queue_id, {}, options);
      else await this.#boss.complete(queueName, running.queue_id, {}, options);
      return transaction
        .updateTable('job')
        .set({
          state,
          lease_until: null,
          reason: outcome.reason ?? null,
          facts: outcome.facts === undefined ? null : JSON.stringify(outcome.facts),
          result: outcome.result ?? null,
          ended_at: outcome.result === undefined ? null : this.#nowSeconds(),
        })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .returningAll()
        .executeTakeFirst();
    });
    if (again) this.wake();
    return updated;
  }

  /** Ends what is still open about a participant, inside the caller's transaction. */
  async cancelFor(transaction: Transaction<Tables>, pseudonym: string): Promise<void> {
    const open = await transaction
      .updateTable('job')
      .set({ state: 'failed', reason: 'withdrawn', lease_until: null })
      .where('pseudonym', '=', pseudonym)
      .where('state', 'in', ['waiting', 'running'])
      .where('kind', '!=', 'shred')
      .returning('queue_id')
      .execute();
    if (open.length === 0) return;
    const ids = open.map(({ queue_id }) => queue_id);
    await this.#boss.cancel(queueName, ids, { db: fromKysely(transaction) });
  }

  async #running(id: string): Promise<JobRow | undefined> {
    return this.#options.db
      .selectFrom('job')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'running')
      .executeTakeFirst();
  }

  /** In one transaction, so that a job is never taken from the queue without a lease. */
  #fetch(seconds: number): Promise<LeasedJob | undefined> {
    const { db } = this.#options;
    return db.transaction().execute((transaction) => this.#take(transaction, seconds));
  }

  async #take(transaction: Transaction<Tables>, seconds: number): Promise<LeasedJob | undefined> {
    const options = { db: fromKysely(transaction) };
    const [fetched] = await this.#boss.fetch(queueName, { batchSize: 1, ...options });
    if (fetched === undefined) return undefined;
    const row = await transaction
      .updateTable('job')
      .set((update) => ({
        state: 'running',
        lease_until: this.#nowSeconds() + seconds,
        attempts: update('attempts', '+', 1),
      }))
      .where('queue_id', '=', fetched.id)
      .where('state', '=', 'waiting')
      .returning(['id', 'body'])
      .executeTakeFirst();
    if (row) return { id: row.id, job: jobSchema.parse(JSON.parse(row.body)) };
    await this.#boss.complete(queueName, fetched.id, {}, options);
    return undefined;
  }

  async #giveBack(reason: string, leasedBefore: number): Promise<readonly JobRow[]> {
    const lost = await this.#options.db
      .selectFrom('job')
      .select('id')
      .where('state', '=', 'running')
      .where('lease_until', '<', leasedBefore)
      .execute();
    const given: JobRow[] = [];
    for (const { id } of lost) {
      const row = await this.finish(id, { outcome: 'retry', reason });
      if (row?.state === 'failed') given.push(row);
    }
    return given;
  }

  #nextWake(waitMs: number) {
    let stop = () => {};
    const promise = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wakers.add(resolve);
      stop = () => {
        clearTimeout(timer);
        this.#wakers.delete(resolve);
      };
    });
    return { promise, stop: () => stop() };
  }

  #row({ job, requester }: NewJob) {
    const { randomBytes } = this.#options;
    return {
      id: idOf('job', randomBytes(32)),
      queue_id: uuidOf(randomBytes(16)),
      kind: job.kind,
      pseudonym: 'pseudonym' in job ? job.pseudonym : null,
      requester: requester ?? null,
      state: 'waiting' as const,
      body: JSON.stringify(job),
    };
  }

  #nowSeconds(): number {
    return Math.floor(this.#options.nowMs() / 1000);
  }
}

/** Makes or updates the queue's own tables, as a role that owns their schema. */
export async function migrateQueue(url: string): Promise<void> {
  const boss = new PgBoss({
    ...{ connectionString: url, max: 1, schema: queueSchema },
    ...{ createSchema: false, schedule: false, supervise: false },
  });
  const failures: Error[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  await boss.stop({ graceful: false, close: true });
  if (failures.length === 0) return;
  throw new HandrailError('storage.broken', 'The queue could not be brought up to date.', {
    cause: failures[0],
  });
}

/** Stops come before everything else, people who wait before the rest. */
function priorityOf(kind: string): number {
  if (kind === 'shred') return 3;
  if (kind === 'issue-keys') return 2;
  return kind === 'refine' ? 0 : 1;
}

/** A random UUID (RFC 9562, version 4). */
function uuidOf(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ];
  return [...parts, hex.slice(20)].join('-');
}
