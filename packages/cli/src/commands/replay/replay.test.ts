import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, displayPrograms } from '@handrail/testbed/require';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handrail, handrailJson } from '../../run-command.ts';
import { untilTrue } from '../../stage/run-program.ts';
import { type StagedDisplay, startDisplay } from '../../stage/stage.ts';

const row = `traj_${'0'.repeat(26)}`;
const other = `traj_${'1'.repeat(26)}`;

const actions = [
  { kind: 'click', button: 'left', x: 100, y: 120, count: 2, startedAt: 0, endedAt: 0.2 },
  { kind: 'type', text: 'aé-$', startedAt: 0.4, endedAt: 0.5 },
  { kind: 'hotkey', keys: ['ctrl', 's'], startedAt: 0.6, endedAt: 0.7 },
  { kind: 'scroll', x: 90, y: 90, dy: -2, startedAt: 0.8, endedAt: 0.9 },
  {
    kind: 'drag',
    button: 'left',
    x: 110,
    y: 110,
    path: [
      [110, 110, 1],
      [160, 170, 1.1],
    ],
    startedAt: 1,
    endedAt: 1.1,
  },
];

describeWith([...displayPrograms, 'xev'], 'replay on a real display', () => {
  let folder: string;
  let stage: StagedDisplay;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handrail-replay-'));
    file = join(folder, 'trajectories.jsonl');
    const line = (id: string, told: readonly object[]) =>
      JSON.stringify({ task_id: id, instruction: '', traj: [], handrail: { actions: told } });
    await writeFile(file, `${line(other, [])}\n${line(row, actions)}\n`);
    stage = await startDisplay({ width: 400, height: 300, bus: false });
  });

  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('does what the row says, and nothing of another row', async () => {
    const seen = join(folder, 'seen');
    await stage.startApp('sh', ['-c', `exec xev -geometry 400x300+0+0 > ${seen}`]);
    await untilTrue('the window', async () => (await readFile(seen, 'utf8')).includes('MapNotify'));
    // The window manager keeps the first clicks on a new window to itself; what comes after the
    // mark is the replay's.
    await untilTrue('a first click', async () => {
      await stage.xdotool('mousemove', '200', '150', 'click', '1');
      return (await readFile(seen, 'utf8')).includes('ButtonRelease');
    });
    await stage.xdotool('key', 'F9');
    await untilTrue('the mark', async () => (await readFile(seen, 'utf8')).includes('F9'));
    const nothing = await replay(other);
    expect(nothing).toEqual({ actions: 0, replayed: 0 });
    expect(await replay(row)).toEqual({ actions: actions.length, replayed: actions.length });
    const pressed = async () => {
      const presses = pressesIn(await readFile(seen, 'utf8'));
      return presses.slice(presses.indexOf('key F9') + 1);
    };
    const expected = [
      ...['button 1', 'button 1', 'key a', 'key eacute', 'key minus', 'key dollar'],
      ...['key Control_L', 'key s', 'button 5', 'button 5', 'button 1'],
    ];
    await untilTrue('the last press', async () => (await pressed()).length >= expected.length);
    expect(await pressed()).toEqual(expected);
  });

  test('a display that is not there, and a row that is not there, are said in a line', async () => {
    const gone = await handrail(['replay', file, '--row', row, '--display', ':7654']);
    expect([gone.code, gone.stdout]).toEqual([3, '']);
    expect(gone.stderr).toMatch(/^Display :7654 does not take input/);
    const absent = await handrail(['replay', file, '--row', 'nope', '--display', stage.display]);
    expect(absent.code).toBe(1);
  });

  const replay = (id: string) =>
    handrailJson<object>(['replay', file, '--row', id, '--display', stage.display]);
});

/** Presses in what xev wrote; Shift and friends that xdotool adds for a character are left out. */
function pressesIn(text: string): readonly string[] {
  return text.split('\n\n').flatMap((block) => {
    const button = /ButtonPress[\s\S]*? button (\d+)/.exec(block)?.[1];
    if (button !== undefined) return [`button ${button}`];
    const key = /KeyPress[\s\S]*?keysym 0x[0-9a-f]+, (\w+)\)/.exec(block)?.[1];
    return key === undefined || key.startsWith('Shift') ? [] : [`key ${key}`];
  });
}
