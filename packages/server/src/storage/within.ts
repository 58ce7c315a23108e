// A bound on waiting: the work goes on, but whoever asked is told.
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';

/** What `promise` gives, or `timeout` after `ms`. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  const stop = new AbortController();
  const late = delay(ms, undefined, { signal: stop.signal }).then(() => {
    throw new HandrailError('timeout', 'This takes too long just now: try again shortly.');
  });
  late.catch(() => undefined);
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}
