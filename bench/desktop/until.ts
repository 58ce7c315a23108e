// Waits for something to become true, by asking.
import { setTimeout as delay } from 'node:timers/promises';

const askEveryMs = 50;
const waitMsMax = 60_000;

/** Throws, naming what was waited for, after a minute. */
export async function until(
  what: string,
  ask: () => boolean | Promise<boolean>,
  waitMs = waitMsMax,
): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!(await ask())) {
    if (performance.now() > endMs) throw new Error(`Waited too long for ${what}.`);
    await delay(askEveryMs);
  }
}
