// Events that the agent's recording source loses in bursts, against an independent client of the
// same X server: every event is compared one by one, with the server's time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observation } from '@handrail/agent/sources/source';
import { recordSource } from '@handrail/agent/sources/x11/record';
import { startDisplay } from '@handrail/testbed/display/index';
import { startBursts } from './desktop/bursts.ts';
import { until } from './desktop/until.ts';
import type { BenchResult } from './runner/bench.ts';
import { startWitness, type WitnessedEvent } from './xrecord/witness.ts';

const bursts = 6;
const eventsPerBurst = 5_000;
/** Every second burst meets an agent whose loop is held up for this long. */
const blockedMs = Number(process.env.BLOCK ?? 700);
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
  if (!process.env.ALONE)
    await source.start((observation) => {
      const line = lineOf(observation);
      if (line !== undefined) seen.push(line);
    });
  const hands = stack.use(
    await startBursts(display.display, eventsPerBurst, (process.env.MIX ?? 'mixed') as 'mixed'),
  );
  const seconds: number[] = [];
  for (let burst = 1; burst <= bursts; burst++) {
    const making = hands.next();
    if (burst % 2 === 0) block();
    seconds.push(await making);
    const made = burst * eventsPerBurst;
    await until(
      'the independent client',
      async () => (await witness.events()).length >= made,
      3000,
    ).catch(() => undefined);
  }
  const witnessed = await witness.events();
  const expected = witnessed.map(expectedLine).filter((line) => line !== undefined);
  await until('the agent', () => seen.length >= expected.length).catch(() => undefined);
  if (process.env.DBG) {
    const want: string[] = [];
    const kc = [38, 39, 40, 41, 42, 50],
      bt = [1, 2, 3, 4, 5];
    let x = 0,
      y = 0;
    for (let at = 0; at < bursts * eventsPerBurst; at++) {
      const b = Math.floor(at / 10),
        s = at % 10;
      if (s < 6 || process.env.MIX === 'moves') {
        x = (at * 7) % 1000;
        y = (at * 3) % 700;
        want.push(`6 0 ${x} ${y}`);
      } else if (s === 6) want.push(`2 ${kc[b % 6]} ${x} ${y}`);
      else if (s === 7) want.push(`3 ${kc[b % 6]} ${x} ${y}`);
      else if (s === 8) want.push(`4 ${bt[b % 5]} ${x} ${y}`);
      else want.push(`5 ${bt[b % 5]} ${x} ${y}`);
    }
    let i = 0;
    const miss: number[] = [];
    for (const w of witnessed) {
      const l = `${w.type} ${w.detail} ${w.x} ${w.y}`;
      while (i < want.length && want[i] !== l) {
        miss.push(i);
        i++;
      }
      i++;
    }
    const miss2: number[] = [];
    i = 0;
    for (const l0 of seen) {
      const p = l0.split(' ');
      if (p[0] !== 'move') continue;
      const l = `6 0 ${p[1]} ${p[2]}`;
      while (i < want.length && want[i] !== l) {
        miss2.push(i);
        i++;
      }
      i++;
    }
    console.error('agent missing', miss2.length, rangesOf(miss2));
    console.error('witness missing', miss.length, rangesOf(miss));
  }
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
      blockedMilliseconds: blockedMs,
    },
  };
}

function block(): void {
  const endMs = performance.now() + blockedMs;
  while (performance.now() < endMs);
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
function rangesOf(m: number[]) {
  const r: string[] = [];
  let a = 0;
  for (let i = 1; i <= m.length; i++)
    if (m[i] !== (m[i - 1] ?? 0) + 1) {
      r.push(`${m[a]}-${m[i - 1]}`);
      a = i;
    }
  return r.slice(0, 60).join(' ');
}
