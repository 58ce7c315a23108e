// Events that the agent's recording source loses in bursts, against an independent client of the
// same X server: every event is compared one by one, with the server's time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordSource } from '@handrail/agent/sources/x11/record';
import type { Observation } from '@handrail/core/observation';
import { startDisplay } from '@handrail/testbed/display/display';
import { startBursts } from './desktop/bursts.ts';
import { until } from './desktop/until.ts';
import type { BenchResult } from './runner/bench.ts';
import { startWitness, type WitnessedEvent } from './xrecord/witness.ts';

const bursts = 6;
const eventsPerBurst = 5_000;
const [keyPress, keyRelease, buttonPress, buttonRelease] = [2, 3, 4, 5];
const buttonNumbers: Readonly<Record<string, number>> = { left: 1, middle: 2, right: 3 };

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'lost-events-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const display = stack.use(await startDisplay({ width: 1280, height: 800, bus: false }));
  const witness = stack.use(await startWitness(folder, display.display));
  const seen: string[] = [];
  const source = stack.use(
    recordSource({ display: display.display, clock: () => performance.now() }),
  );
  await source.start((observation) => {
    const line = lineOf(observation);
    if (line !== undefined) seen.push(line);
  });
  const hands = stack.use(
    await startBursts(display.display, { events: eventsPerBurst, mix: 'mixed' }),
  );
  const seconds: number[] = [];
  for (let burst = 1; burst <= bursts; burst++) {
    seconds.push(await hands.next());
    const made = burst * eventsPerBurst;
    await until('the independent client', async () => (await witness.events()).length >= made);
  }
  const witnessed = await witness.events();
  const expected = witnessed.map(expectedLine).filter((line) => line !== undefined);
  await until('the agent', () => seen.length >= expected.length).catch(() => undefined);
  const quickest = Math.min(...seconds);
  return {
    name: 'lost-events',
    figures: {
      ...{ bursts, eventsPerBurst, eventsMade: bursts * eventsPerBurst },
      fastestBurstEventsPerSecond: Math.round(eventsPerBurst / quickest),
      independentEvents: witnessed.length,
      comparedEvents: expected.length,
      agentEvents: seen.length,
      lostEvents: lostOf(expected, seen),
      differingEvents: expected.filter((line, at) => seen[at] !== line).length,
    },
  };
}

/** Lines that the agent does not have, each counted as often as it is missing. */
function lostOf(expected: readonly string[], seen: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of seen) left.set(line, (left.get(line) ?? 0) + 1);
  return expected.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  }).length;
}

/** Keys have no place in an observation; the release of a wheel step is not one. */
function expectedLine({ type, detail, x, y, serverTime }: WitnessedEvent): string | undefined {
  if (type === keyPress || type === keyRelease) {
    return `key ${detail} ${type === keyPress} ${serverTime}`;
  }
  if (type !== buttonPress && type !== buttonRelease) return `move ${x} ${y} ${serverTime}`;
  if (detail <= 3) return `button ${detail} ${type === buttonPress} ${x} ${y} ${serverTime}`;
  return type === buttonPress ? `scroll ${detail} ${x} ${y} ${serverTime}` : undefined;
}

function lineOf(seen: Observation): string | undefined {
  switch (seen.kind) {
    case 'key':
      return `key ${seen.keycode} ${seen.down} ${seen.serverTime}`;
    case 'move':
      return `move ${seen.x} ${seen.y} ${seen.serverTime}`;
    case 'button': {
      const number = buttonNumbers[seen.button] ?? 0;
      return `button ${number} ${seen.down} ${seen.x} ${seen.y} ${seen.serverTime}`;
    }
    case 'scroll':
      return `scroll ${seen.dy > 0 ? 4 : 5} ${seen.x} ${seen.y} ${seen.serverTime}`;
    default:
      return undefined;
  }
}
