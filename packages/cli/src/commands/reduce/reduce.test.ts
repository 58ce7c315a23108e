import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handrail } from '../../run-command.ts';

let folder: string;
let log: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-reduce-'));
  log = join(folder, 'events.jsonl');
  const lines = [
    { time_stamp: 1, action: 'move', x: 10.4, y: 20 },
    { time_stamp: 1.1, action: 'click', x: 10.4, y: 20, button: 'left', pressed: true },
    { time_stamp: 1.2, action: 'click', x: 10.4, y: 20, button: 'left', pressed: false },
    { time_stamp: 2, action: 'press', name: 'h' },
    { time_stamp: 2.1, action: 'press', name: 'i' },
    { time_stamp: 2.2, action: 'move', x: 900, y: 20 },
  ];
  await writeFile(log, lines.map((line) => JSON.stringify(line)).join('\r\n'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const args = () => ['reduce', log, '--format', 'ducktrack'];

test('with --json every line of standard output is one action', async () => {
  const { code, stdout, stderr } = await handrail([...args(), '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const actions = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(actions.map(({ kind, events }) => [kind, ...events])).toEqual([
    ['click', 0, 2],
    ['type', 3, 4],
    ['move', 5, 5],
  ]);
  expect(actions[0]).toMatchObject({ button: 'left', x: 10, y: 20, count: 1, startedAt: 1.1 });
});

test('without --json the same is readable', async () => {
  const { stdout } = await handrail(args());
  expect(stdout.split('\n')[0]).toBe('1.100 click left at 10,20 (events 0-2)');
});

test('what lies outside the screen stated beside the log is rejected and counted', async () => {
  const metadata = join(folder, 'metadata.json');
  await writeFile(metadata, JSON.stringify({ screen_width: 640, screen_height: 480 }));
  const { code, stdout, stderr } = await handrail([...args(), '--json']);
  await rm(metadata);
  expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 2]);
  expect(stderr).toBe('1 lines rejected: coordinate.out-of-range 1.\n');
});
