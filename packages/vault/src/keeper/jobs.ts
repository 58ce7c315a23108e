// The keeper's loop: lease a job, check it, run it, end it. A job ends as done, as a plain no with
// a fixed reason, or is given back to be tried again.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import type { Job } from '@handrail/core/wire';
import { type KeeperContext, outcomeOf } from './keeper-context.ts';
import { utcDay } from './keys/key-leaf.ts';
import { shredExpired } from './keys/retention.ts';
import { build } from './runs/build.ts';
import { exportRelease } from './runs/export.ts';
import { issueKeys } from './runs/issue-keys.ts';
import { rebuild } from './runs/rebuild.ts';
import { refine } from './runs/refine.ts';
import { removeBystander } from './runs/remove-bystander.ts';
import { reviewReleases } from './runs/review-releases.ts';
import { shred } from './runs/shred.ts';
import { view } from './runs/view.ts';
import type { JobOutcome, LeasedJob } from './server-port.ts';

export const leaseSeconds = 900;
/** How long a loop rests when the server cannot be reached, and how long a running job may end. */
const restMs = 1_000;
export const finishMsMax = 10_000;
const retentionMs = 3_600_000;
const nonceMs = 60_000;
/** Readings that go on beside other jobs: a reader takes time, and holds nobody up. */
const readingsMax = 16;

export interface Loop {
  /** Stops leasing; resolves once the current jobs are ended or given back. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  readonly loops: number;
  /** One content-free line for each job that ended, and for trouble. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** How long a running job may take to end once it is stopped. */
  readonly finishMs?: number;
}

/** What a loop goes by. */
interface Work extends Required<Pick<LoopOptions, 'log' | 'finishMs'>> {
  readonly context: KeeperContext;
  readonly stopping: AbortSignal;
  readonly readings: Set<Promise<void>>;
}

export function runJobs(context: KeeperContext, options: LoopOptions): Loop {
  const { loops, log, finishMs = finishMsMax } = options;
  const stopping = new AbortController();
  const readings = new Set<Promise<void>>();
  const work = { context, stopping: stopping.signal, readings, log, finishMs };
  // One keeper has the vault's folder: whatever is leased was leased by one that has ended.
  const restarted = untilDone(work, () => context.server.restart());
  const running = Array.from({ length: loops }, () => restarted.then(() => leaseUntil(work)));
  running.push(
    retainUntil(work),
    restarted.then(() => noncesUntil(work)),
  );
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
      await Promise.all(readings);
    },
  };
}

async function leaseUntil(work: Work): Promise<void> {
  const { context, stopping, log } = work;
  while (!stopping.aborted) {
    try {
      const leased = await context.server.leaseJob(leaseSeconds);
      if (leased?.job.kind === 'view') await finishAside(work, leased);
      else if (leased !== undefined) await finish(work, leased);
    } catch (error) {
      log({ event: 'server', reason: outcomeOf(error).reason });
      await rest(stopping, restMs);
    }
  }
}

/** Waits only for room. */
async function finishAside(work: Work, leased: LeasedJob): Promise<void> {
  const { readings } = work;
  while (readings.size >= readingsMax) await Promise.race(readings);
  const reading = finish(work, leased).finally(() => readings.delete(reading));
  readings.add(reading);
}

/** Readers get a new nonce every minute, and after whatever kept the last one from the server. */
async function noncesUntil({ context, stopping, log }: Work): Promise<void> {
  while (!stopping.aborted) {
    let waitMs = nonceMs;
    try {
      await context.server.putReadingNonce(context.nonces.next(context.nowMs()));
    } catch (error) {
      log({ event: 'server', reason: outcomeOf(error).reason });
      waitMs = restMs;
    }
    await rest(stopping, waitMs);
  }
}

/**
 * Looked at every hour, whatever the server asks: keys past retention once a day, and releases that
 * have lost rows. What fails is tried again the next time.
 */
async function retainUntil({ context, stopping, log }: Work): Promise<void> {
  let doneDay = '';
  while (!stopping.aborted) {
    const day = utcDay(context.nowMs());
    try {
      const count = day === doneDay ? 0 : await shredExpired(context);
      doneDay = day;
      if (count > 0) log({ event: 'retention', count });
      await reviewReleases(context, 'hourly');
    } catch (error) {
      log({ event: 'retention', reason: outcomeOf(error).reason });
    }
    await rest(stopping, retentionMs);
  }
}

async function finish(work: Work, { id, job }: LeasedJob): Promise<void> {
  const { context, stopping, log } = work;
  const outcome = stopping.aborted ? givenBack : await endedOrGivenBack(work, { id, job });
  log({ event: 'job', kind: job.kind, outcome: outcome.outcome, reason: outcome.reason });
  await untilDone(work, () => context.server.finishJob(id, outcome));
}

/** Calls a server that may be away for a while; a plain no is an answer. */
async function untilDone({ stopping, log }: Work, ask: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      log({ event: 'server', reason: outcomeOf(error).reason });
      if (stopping.aborted) return;
      if (error instanceof HandrailError && error.code === 'not.found') return;
      await rest(stopping, restMs);
    }
  }
}

const givenBack: JobOutcome = { outcome: 'retry', reason: 'keeper-stopping' };

/** A job that does not end soon after SIGTERM is given back; its worker dies with the keeper. */
async function endedOrGivenBack(work: Work, { id, job }: LeasedJob): Promise<JobOutcome> {
  const { context, stopping, finishMs } = work;
  const ended = new AbortController();
  const late = once(stopping, 'abort', { signal: ended.signal })
    .then(() => delay(finishMs, undefined, { ref: false, signal: ended.signal }))
    .then(() => givenBack);
  late.catch(() => undefined);
  try {
    return await Promise.race([runJob(context, id, job), late]);
  } finally {
    ended.abort();
  }
}

/** Runs one job to its outcome; never throws. */
export async function runJob(context: KeeperContext, id: string, job: Job): Promise<JobOutcome> {
  try {
    return await dispatch(context, id, job);
  } catch (error) {
    return outcomeOf(error, job.kind);
  }
}

function dispatch(context: KeeperContext, id: string, job: Job): Promise<JobOutcome> {
  switch (job.kind) {
    case 'issue-keys':
      return issueKeys(context, id, ownerOf(job));
    case 'refine':
      return refine(context, id, job);
    case 'view':
      return view(context, id, job);
    case 'build':
      return build(context, id, job);
    case 'rebuild':
      return rebuild(context, id, job);
    case 'export':
      return exportRelease(context, id, job);
    case 'review-releases':
      return reviewReleases(context, id);
    case 'remove-bystander':
      return removeBystander(context, id, job);
    case 'shred':
      return shred(context, id, ownerOf(job));
  }
}

function ownerOf({ pseudonym, consentEpoch }: Extract<Job, { kind: 'issue-keys' | 'shred' }>) {
  return { pseudonym, consentEpoch };
}

async function rest(stopping: AbortSignal, ms: number): Promise<void> {
  await delay(ms, undefined, { signal: stopping }).catch(() => undefined);
}
