// The keeper's loop: lease a job, check it, run it, end it. A job ends as done, as a plain no with
// a fixed reason, or is given back to be tried again.
import type { Job } from '@handrail/core/wire';
import { type KeeperContext, outcomeOf } from './keeper-context.ts';
import { shredExpired } from './retention.ts';
import { build } from './runs/build.ts';
import { exportRelease } from './runs/export.ts';
import { issueKeys } from './runs/issue-keys.ts';
import { rebuild } from './runs/rebuild.ts';
import { refine } from './runs/refine.ts';
import { shred } from './runs/shred.ts';
import { view } from './runs/view.ts';
import type { JobOutcome, LeasedJob } from './server-port.ts';

export const leaseSeconds = 900;
/** How long a loop rests when the server cannot be reached, and how long a running job may end. */
const restMs = 1_000;
const finishMsMax = 10_000;
const retentionMs = 3_600_000;

export interface Loop {
  /** Stops leasing; resolves once the current jobs are ended or given back. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  readonly loops: number;
  /** One content-free line for each job that ended, and for trouble. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

export function runJobs(context: KeeperContext, { loops, log }: LoopOptions): Loop {
  const stopping = new AbortController();
  const running = Array.from({ length: loops }, () => leaseUntil(context, stopping.signal, log));
  running.push(retainUntil(context, stopping.signal, log));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function leaseUntil(
  context: KeeperContext,
  stopping: AbortSignal,
  log: LoopOptions['log'],
): Promise<void> {
  while (!stopping.aborted) {
    try {
      const leased = await context.server.leaseJob(leaseSeconds);
      if (leased !== undefined) await finish(context, leased, stopping, log);
    } catch (error) {
      log({ event: 'server', reason: outcomeOf(error).reason });
      await rest(stopping, restMs);
    }
  }
}

/** At the start and every hour after. What fails is tried again the next time. */
async function retainUntil(
  context: KeeperContext,
  stopping: AbortSignal,
  log: LoopOptions['log'],
): Promise<void> {
  while (!stopping.aborted) {
    try {
      const count = await shredExpired(context);
      if (count > 0) log({ event: 'retention', count });
    } catch (error) {
      log({ event: 'retention', reason: outcomeOf(error).reason });
    }
    await rest(stopping, retentionMs);
  }
}

async function finish(
  context: KeeperContext,
  leased: LeasedJob,
  stopping: AbortSignal,
  log: LoopOptions['log'],
): Promise<void> {
  const { id, job } = leased;
  const outcome = stopping.aborted
    ? givenBack
    : await Promise.race([runJob(context, id, job), stoppedLate(stopping)]);
  log({ event: 'job', kind: job.kind, outcome: outcome.outcome, reason: outcome.reason });
  await context.server.finishJob(id, outcome);
}

const givenBack: JobOutcome = { outcome: 'retry', reason: 'keeper-stopping' };

/** A job that does not end soon after SIGTERM is given back; its worker dies with the keeper. */
function stoppedLate(stopping: AbortSignal): Promise<JobOutcome> {
  return new Promise((resolve) => {
    stopping.addEventListener('abort', () => {
      setTimeout(() => resolve(givenBack), finishMsMax).unref();
    });
  });
}

/** Runs one job to its outcome; never throws. */
export async function runJob(context: KeeperContext, id: string, job: Job): Promise<JobOutcome> {
  try {
    return await dispatch(context, id, job);
  } catch (error) {
    return outcomeOf(error);
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
    case 'shred':
      return shred(context, id, ownerOf(job));
  }
}

function ownerOf({ pseudonym, consentEpoch }: Extract<Job, { kind: 'issue-keys' | 'shred' }>) {
  return { pseudonym, consentEpoch };
}

function rest(stopping: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopping.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
