// The vectors in vectors/reductions let any language check its own reducer; here ours is checked.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { actionJson, reduce, reducerVersion } from '../action/index.ts';
import { parseLog } from './index.ts';

interface Vector {
  readonly reducerVersion: number;
  readonly format: 'ducktrack' | 'agentnet';
  readonly log: readonly object[];
  readonly actions: readonly object[];
}

const folder = new URL('../../../../vectors/reductions/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('there are vectors for the reducer', () => {
  expect(names.length).toBeGreaterThanOrEqual(9);
});

test.each(names)('the vector %s gives its actions', (name) => {
  const vector = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vector;
  const log = vector.log.map((line) => JSON.stringify(line)).join('\n');
  const { events, rejected } = parseLog(log, vector.format);
  expect(rejected).toEqual([]);
  expect(vector.reducerVersion).toBe(reducerVersion);
  const lines = reduce(events).map(actionJson);
  expect(lines).toEqual(vector.actions.map((action) => JSON.stringify(action)));
});
