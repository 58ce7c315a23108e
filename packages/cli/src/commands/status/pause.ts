// `pause`: at once and on this device alone; nobody is asked and nobody is told.
import { type PauseSpan, pause } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';

const spans: readonly PauseSpan[] = ['5m', '30m', 'today', 'forever'];

export async function run(
  { home, out }: Session,
  _options: object,
  text: string,
): Promise<undefined> {
  const span = spans.find((one) => one === text);
  if (span === undefined) {
    throw new HandrailError('usage.invalid', 'Say how long: 5m, 30m, today or forever.');
  }
  const joined = new Home(home);
  await joined.device();
  const pausedUntil = await pause(joined, span);
  const when = pausedUntil === null ? 'until you resume' : `until ${localTime(pausedUntil)}`;
  out.print({ state: 'paused', pausedUntil }, [`Paused ${when}. Go on with: handrail resume`]);
}

function localTime(instant: string): string {
  return new Date(instant).toLocaleString();
}
