// Waits for a job of the vault: asks again until it is done, and says why when it is not.
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import type { JobState } from '@handrail/core/wire';

const askMsMin = 200;
const askMsMax = 2_000;
export const jobSecondsMax = 3_600;

/** The finished job. Throws `access.denied` with its reason when it failed, `timeout`. */
export async function finished(ask: () => Promise<JobState>): Promise<JobState> {
  const endMs = performance.now() + jobSecondsMax * 1000;
  for (let waitMs = askMsMin; ; waitMs = Math.min(waitMs * 1.5, askMsMax)) {
    const job = await ask();
    if (job.state === 'done') return job;
    if (job.state === 'failed') {
      throw new HandrailError('access.denied', job.reason ?? 'The vault refused without a reason.');
    }
    if (performance.now() > endMs) {
      throw new HandrailError('timeout', 'The vault did not finish in an hour: is it running?');
    }
    await delay(waitMs);
  }
}

/** The name under which the result lies. */
export function resultOf(job: JobState): string {
  if (job.result !== undefined) return job.result;
  throw new HandrailError('unreachable', 'The vault finished without a result: ask again.');
}

/** For what the vault says it has sealed: that it is not there is the server's doing. */
export function withheld(error: unknown): never {
  if (!(error instanceof HandrailError) || error.code !== 'not.found') throw error;
  const says = 'The vault sealed this, and the server does not give it out: ask who runs it.';
  throw new HandrailError('unreachable', says, { cause: error });
}
