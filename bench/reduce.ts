// The reducer against JSON.parse over the same log in the same run: reading must cost more than
// understanding.
import { readFileSync } from 'node:fs';
import { reduce } from '@handrail/core/action';
import { parseLog } from '@handrail/core/import';
import { fixturePath } from '@handrail/testbed/fixtures';

const rounds = 15;

export async function run(): Promise<{ name: string; figures: Record<string, number | string> }> {
  const path = fixturePath('ducktrack-macos-wikipedia/events.jsonl');
  const log = path === undefined ? syntheticLog() : readFileSync(path, 'utf8');
  const lines = log.split('\n').filter((line) => line !== '');
  const { events } = parseLog(log, 'ducktrack');
  const parse: number[] = [];
  const reduced: number[] = [];
  for (let round = 0; round < rounds; round++) {
    parse.push(rate(lines.length, () => lines.map((line) => JSON.parse(line) as unknown)));
    reduced.push(rate(events.length, () => reduce(events)));
  }
  const figures = {
    log: path === undefined ? 'synthetic' : 'ducktrack-macos-wikipedia',
    events: events.length,
    jsonParseEventsPerSecond: Math.round(median(parse)),
    reduceEventsPerSecond: Math.round(median(reduced)),
    reduceToJsonParseRatio: median(reduced.map((value, round) => value / (parse[round] ?? 1))),
  };
  return { name: 'reduce', figures };
}

function rate(count: number, work: () => unknown): number {
  const from = performance.now();
  work();
  return (count * 1000) / (performance.now() - from);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Motion with a click every hundred events, which is about what recorders write. */
function syntheticLog(): string {
  const lines: string[] = [];
  for (let line = 0; line < 20_000; line++) {
    const place = { time_stamp: line / 400, action: 'move', x: line % 1500, y: line % 900 };
    const button = { action: 'click', button: 'left', pressed: line % 100 === 98 };
    lines.push(JSON.stringify(line % 100 < 98 ? place : { ...place, ...button }));
  }
  return lines.join('\n');
}
