// Probes on a schedule: each round is a process of its own that holds keys without rights, so that
// nothing of the organisation can lend it any.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../config.ts';
import type { Place } from './parts.ts';

const launcher = fileURLToPath(new URL('../../../bin/handrail.js', import.meta.url));
const firstAfterMs = 60_000;
const everyMs = 15 * 60_000;
const roundMsMax = 5 * 60_000;
const openCode = 1;

interface Server {
  readonly url: string;
  readonly invite: string;
}

/** Goes on until it is disposed of, which ends a round that runs. */
export function startProbing(
  { layout }: Place,
  { url, invite }: Server,
  note: (line: string) => void,
): AsyncDisposable {
  const stopping = new AbortController();
  const args = ['--url', url, '--data', layout.data, '--invite', invite];
  const command = [launcher, '--home', layout.proberHome, 'probe', 'run', ...args, '--json'];
  const running = (async () => {
    for (let waitMs = firstAfterMs; ; waitMs = everyMs) {
      const isOver = await delay(waitMs, false, { signal: stopping.signal }).catch(() => true);
      if (isOver) return;
      const code = await oneRound(command, stopping.signal);
      if (code === openCode) note('Probes found something open: look at "handrail probe board".');
      else if (code !== 0 && !stopping.signal.aborted) note('Probes could not be run whole.');
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
    },
  };
}

async function oneRound(command: readonly string[], stopping: AbortSignal): Promise<number> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(roundMsMax)]);
  const child = spawn(process.execPath, [...command], {
    env: childEnvironment(),
    detached: true,
    stdio: 'ignore',
    signal,
  });
  child.on('error', () => undefined);
  const [code] = await once(child, 'exit').catch(() => [undefined]);
  return typeof code === 'number' ? code : -1;
}
