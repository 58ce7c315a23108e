// Keeps one part of the organisation running: a child that dies is started again, ever later, until
// it has died too often.
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import { type Child, type Launch, startChild } from './child.ts';

/** Deaths in a row, each within a minute of its start, after which `up` gives up. */
export const deathsMax = 5;
const steadyMs = 60_000;
const waitMsMin = 250;
const waitMsMax = 8_000;

export interface Part {
  readonly ready: Child['ready'];
  /** Rejects when it died too often; never resolves. */
  readonly broken: Promise<never>;
  stop(): Promise<void>;
}

export interface Watch {
  /** Says how to start it: at first, and again after it was ready once. */
  readonly launch: (before: Child['ready'] | undefined) => Promise<Launch>;
  /** Told of every child that starts. */
  readonly onStart: (name: string, pid: number) => Promise<void>;
  readonly note: (line: string) => void;
}

/** Starts a part; the first start must succeed. Throws as `startChild` does. */
export async function supervise(watch: Watch): Promise<Part> {
  const stopping = new AbortController();
  let child = await start(watch, undefined);
  const { ready } = child;
  const running = (async () => {
    for (let deaths = 0; ; ) {
      const startedMs = performance.now();
      await child.ended;
      if (stopping.signal.aborted) return;
      deaths = performance.now() - startedMs > steadyMs ? 1 : deaths + 1;
      child = await startAgain(watch, ready, deaths, stopping.signal);
    }
  })();
  const broken = new Promise<never>((_, reject) => running.catch(reject));
  broken.catch(() => undefined);
  const stop = async () => {
    stopping.abort();
    await child.stop();
    await running.catch(() => undefined);
    // A child that started while we were stopping.
    await child.stop();
  };
  return { ready, broken, stop };
}

async function startAgain(
  watch: Watch,
  ready: Child['ready'],
  deathsBefore: number,
  stopping: AbortSignal,
): Promise<Child> {
  for (let deaths = deathsBefore; ; deaths++) {
    const { name, log } = await watch.launch(ready);
    if (deaths > deathsMax) {
      throw new HandrailError('internal', `The ${name} stopped ${deaths} times: look at ${log}.`);
    }
    watch.note(`The ${name} stopped: starting it again.`);
    const waitMs = Math.min(waitMsMin * 2 ** (deaths - 1), waitMsMax);
    await delay(waitMs, undefined, { signal: stopping });
    try {
      return await start(watch, ready);
    } catch (error) {
      if (!(error instanceof HandrailError) || stopping.aborted) throw error;
    }
  }
}

async function start(watch: Watch, before: Child['ready'] | undefined): Promise<Child> {
  const launch = await watch.launch(before);
  const child = await startChild(launch);
  await watch.onStart(launch.name, child.pid);
  return child;
}
