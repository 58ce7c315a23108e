// What has to happen without being asked: old data goes, day keys come in time, the journal stays
// short. At the start and every hour; each step may be done again, so nothing is remembered.
import { setTimeout as delay } from 'node:timers/promises';
import { expire } from './catalog/retention.ts';
import type { ServerContext } from './context.ts';
import { topUpDayKeys } from './governance/day-keys.ts';

const everyMs = 3_600_000;

/** Goes on until it is disposed of. */
export function startHousekeeping(context: ServerContext): AsyncDisposable {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await keepHouse(context);
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function keepHouse(context: ServerContext): Promise<void> {
  try {
    await topUpDayKeys(context);
    context.log.info(await expire(context), 'deleted what is past its time');
    await context.facts.compact();
  } catch (error) {
    context.log.error({ error: String(error) }, 'housekeeping failed: it is tried again');
  }
}
