// Maps the X server's millisecond counter (a uint32 that wraps after 49.7 days) to the agent's one
// monotonic clock.
import type { Clock } from '@handrail/core/observation';
import type { XEvent } from './client.ts';
import type { XConnection } from './connection.ts';

const roundTrips = 5;
const propertyChangeMask = 0x400000;
const wrap = 0x1_0000_0000;

export interface ServerClock {
  /** Agent milliseconds of a server time; wraps are followed as long as times come in order. */
  toMs(serverTime: number): number;
}

/** Maps from one pair of readings. Pure; events may be up to 24 days older or younger. */
export function makeServerClock(serverTime: number, atMs: number): ServerClock {
  let last = serverTime;
  const offsetMs = atMs - serverTime;
  return {
    toMs: (time) => {
      const low = ((last % wrap) + wrap) % wrap;
      const ahead = (time - low) | 0;
      const unwrapped = last + ahead;
      last = Math.max(last, unwrapped);
      return unwrapped + offsetMs;
    },
  };
}

/** Asks the server what time it is there. */
export interface ServerTimeProbe {
  ask(): Promise<number>;
}

/** Makes the probe: a window that is never shown, whose changes the server stamps. */
export async function makeServerTimeProbe(connection: XConnection): Promise<ServerTimeProbe> {
  const { client, root } = connection;
  const wid = client.AllocID();
  client.CreateWindow(wid, root, -1, -1, 1, 1, 0, 0, 2, 0, { eventMask: propertyChangeMask });
  const atom = await connection.atom('HANDRAIL_CLOCK');
  return { ask: () => timeOfChange(connection, wid, atom) };
}

/** Asks a few times and keeps the quickest answer. */
export async function readServerClock(probe: ServerTimeProbe, clock: Clock): Promise<ServerClock> {
  let best = { spanMs: Number.POSITIVE_INFINITY, serverTime: 0, atMs: 0 };
  for (let trip = 0; trip < roundTrips; trip += 1) {
    const before = clock();
    const serverTime = await probe.ask();
    const after = clock();
    const spanMs = after - before;
    if (spanMs < best.spanMs) best = { spanMs, serverTime, atMs: (before + after) / 2 };
  }
  return makeServerClock(best.serverTime, best.atMs);
}

function timeOfChange(connection: XConnection, wid: number, atom: number): Promise<number> {
  return connection.ask((client, done) => {
    const listener = (event: XEvent) => {
      if (event.name !== 'PropertyNotify' || event.wid !== wid) return;
      client.removeListener('event', listener);
      done(undefined, event.time ?? 0);
    };
    client.on('event', listener);
    client.ChangeProperty(0, wid, atom, 6, 32, [0]);
  });
}
