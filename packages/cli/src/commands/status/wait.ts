// `wait`: returns when nothing of this home is on its way any more.
import { setTimeout as delay } from 'node:timers/promises';
import { statusOf } from '@handrail/agent/control';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import { call, deviceRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import type { WaitOptions } from './command.ts';

const askEveryMs = 500;

export async function run({ home, out }: Session, options: WaitOptions): Promise<undefined> {
  const segments = await out.during(
    'Waiting for the vault',
    settled(new Home(home), options.timeout),
  );
  out.print({ segments }, [
    `${segments.refined} refined, ${segments.quarantined} in quarantine, ` +
      `${segments.rejected} rejected.`,
  ]);
}

async function settled(home: Home, timeoutMs: number) {
  const device = await home.device();
  const client = clientOf(device.url, await deviceSigner(device));
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    // The spool first: what leaves it is counted by the server before it is gone from here.
    const { spool } = await statusOf(home);
    const { waiting, ...counts } = await call(client, deviceRoutes.segmentCounts, {});
    if (spool.segments === 0 && waiting === 0) return counts;
    if (performance.now() > endMs) throw late(spool.segments, waiting);
    await delay(askEveryMs);
  }
}

function late(here: number, waiting: number): HandrailError {
  const message =
    here > 0
      ? `${here} segments are still here: keep the agent running, or shorten --review-window.`
      : `${waiting} segments still wait for the vault: try again with a longer --timeout.`;
  return new HandrailError('timeout', message);
}
