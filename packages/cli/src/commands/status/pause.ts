// `pause`: at once and on this device alone; nobody is asked and nobody is told.
import { pause } from '@handrail/agent/control';
import { Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import type { Session } from '../../session.ts';

const minutesMax = 24 * 60;

export async function run({ home, out }: Session, _options: object, time: string): Promise<undefined> {
  const until = endOf(time, new Date());
  await pause(new Home(home), until);
  const pausedUntil = until === null ? null : new Date(until).toISOString();
  const when = until === null ? 'until you resume' : `until ${new Date(until).toLocaleString()}`;
  out.print({ state: 'paused', pausedUntil }, [`Paused ${when}. Go on with: handrail resume`]);
}

/** Unix ms, or null for no end. */
function endOf(time: string, now: Date): number | null {
  if (time === 'forever') return null;
  if (time === 'today') return new Date(now).setHours(24, 0, 0, 0);
  const [, digits, unit] = /^(\d{1,4})([mh])$/.exec(time) ?? [];
  const minutes = Number(digits) * (unit === 'h' ? 60 : 1);
  if (minutes > 0 && minutes <= minutesMax) return now.getTime() + minutes * 60_000;
  throw new HandrailError('usage.invalid', 'Say how long: 5m, 30m, 2h, today or forever.');
}
