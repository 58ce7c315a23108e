// A recording that somebody else made, on another system, gives the actions that were done in it.
import { readFileSync } from 'node:fs';
import { reduce } from '@handrail/core/action';
import { parseLog } from '@handrail/core/import';
import { fixturePath } from '@handrail/testbed/fixtures';
import { expect, test } from 'vitest';

const recording = fixturePath('ducktrack-macos-wikipedia/events.jsonl');

test.skipIf(recording === undefined)(
  'a DuckTrack recording from macOS gives the actions that were done in it',
  () => {
    const log = readFileSync(recording ?? '');
    const { events, rejected } = parseLog(log, 'ducktrack', { width: 1512, height: 982 });
    expect([events.length, rejected.length]).toEqual([13_401, 0]);
    const actions = reduce(events);
    const typed = actions.filter(({ kind }) => kind === 'type').map(({ text }) => text);
    expect(typed).toEqual(['wikipedia', 'transformer model']);
    const drags = actions.filter(({ kind }) => kind === 'drag').map(({ count }) => count);
    expect(drags).toEqual([1, 2, 1]);
    expect(actions.filter(({ count }) => count === 3)).toHaveLength(1);
    expect(actions.reduce((sum, { dy }) => sum + (dy ?? 0), 0)).toBe(-140);
  },
);
