import { expect, test } from 'vitest';
import { fromUtf8, toBase64url, utf8 } from '../bytes/index.ts';
import { idOf } from '../ids/index.ts';
import { agentnetLine, parseAgentnetLine } from './agentnet.ts';
import { agentnetCode, agentnetSentence } from './agentnet-code.ts';
import { assemble } from './assemble.ts';
import { toBase64Bytes } from './base64-bytes.ts';
import { rowsOf } from './rows.ts';
import { click, display, frameAt, run, segmentOf, task, window } from './sample-segment.ts';
import type { Trajectory, TrajectoryAction } from './trajectory.ts';

const screen = { epoch: 1, width: 1280, height: 800, scale: 1 };

function action(change: Partial<TrajectoryAction>): TrajectoryAction {
  return {
    kind: 'click',
    startedAt: 1,
    endedAt: 1,
    events: [0, 1],
    frame: null,
    frameAgeMs: null,
    damagePending: false,
    displayEpoch: 1,
    context: 0,
    ...change,
  };
}

test('each kind of action has its PyAutoGUI text', () => {
  const code = (change: Partial<TrajectoryAction>) => agentnetCode(action(change), screen);
  const at = { x: 640, y: 200, button: 'left' } as const;
  expect(code({ ...at, count: 1 })).toBe('pyautogui.click(x=0.5, y=0.25)');
  expect(code({ ...at, count: 2 })).toBe('pyautogui.doubleClick(x=0.5, y=0.25)');
  expect(code({ ...at, count: 3 })).toBe('computer.tripleClick(x=0.5, y=0.25)');
  expect(code({ ...at, button: 'right' })).toBe('pyautogui.rightClick(x=0.5, y=0.25)');
  expect(
    code({
      kind: 'drag',
      ...at,
      path: [
        [640, 200, 1],
        [1280, 1, 2],
      ],
    }),
  ).toBe("pyautogui.moveTo(x=0.5, y=0.25)\npyautogui.dragTo(x=1, y=0.0013, button='left')");
  expect(code({ kind: 'scroll', x: 640, y: 200, dx: 0, dy: -3 })).toBe(
    'pyautogui.moveTo(x=0.5, y=0.25)\npyautogui.scroll(-3)',
  );
  expect(code({ kind: 'type', text: "it's\n\\" })).toBe("pyautogui.write(message='it\\'s\\n\\\\')");
  expect(code({ kind: 'key', keys: ['enter'] })).toBe("pyautogui.press('enter')");
  expect(code({ kind: 'hotkey', keys: ['ctrl', 'c'] })).toBe("pyautogui.hotkey(['ctrl', 'c'])");
  expect(code({ ...at, modifiers: ['ctrl', 'shift'] }).split('\n')).toEqual([
    "pyautogui.keyDown('ctrl')",
    "pyautogui.keyDown('shift')",
    'pyautogui.click(x=0.5, y=0.25)',
    "pyautogui.keyUp('shift')",
    "pyautogui.keyUp('ctrl')",
  ]);
  expect(agentnetSentence(action({ ...at, count: 2 }))).toBe(
    'Double-click the left button at (640, 200).',
  );
});

function sample(): Trajectory {
  const events = [
    display(0),
    window(0, 0),
    task(0, 'start', 'fill in the form'),
    ...click(500, 640, 200),
    run(1000, 'hello "you"'),
    ...click(3000, 20, 20),
  ];
  const pseudonym = idOf('part', utf8('someone'));
  const frames = [frameAt(100), frameAt(2500)];
  const [trajectory] = assemble([segmentOf(0, events, frames)], { pseudonym, display: 'virtual' });
  if (trajectory === undefined) throw new Error('no trajectory');
  return trajectory;
}

test('a line is JSON with exact actions and its own images, and names nobody', () => {
  const trajectory = sample();
  const text = fromUtf8(agentnetLine(trajectory));
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.indexOf('\n')).toBe(text.length - 1);
  expect(text).not.toContain(trajectory.pseudonym);
  expect(text).not.toContain(String(trajectory.startedAtMs));
  const line = parseAgentnetLine(text);
  expect(line).toMatchObject({ task_id: trajectory.id, instruction: 'fill in the form' });
  expect(line.traj.map(({ index, image }) => [index, image])).toEqual([
    [0, `${frameAt(100).id}.webp`],
    [1, `${frameAt(100).id}.webp`],
    [2, `${frameAt(2500).id}.webp`],
  ]);
  expect(line.handrail.actions).toEqual(trajectory.actions);
  expect(Object.keys(line.frames)).toHaveLength(2);
  const image = line.frames[`${frameAt(100).id}.webp`] ?? '';
  expect(atob(image)).toBe(fromUtf8(frameAt(100).image));
});

test('a line from elsewhere with other fields is refused', () => {
  const { handrail: _, ...plain } = JSON.parse(fromUtf8(agentnetLine(sample())));
  expect(() => parseAgentnetLine(JSON.stringify(plain))).toThrow(/wrong form/);
  expect(() => parseAgentnetLine('{')).toThrow(/JSON/);
});

test('a trajectory without frames is a whole line too', () => {
  const line = agentnetLine({ ...sample(), frames: [] });
  expect(JSON.parse(fromUtf8(line)).frames).toEqual({});
});

test('a frame stands on the first row that names it, and on no other', () => {
  const rows = [...rowsOf([sample()])];
  expect(rows.map(({ frame_id }) => frame_id)).toEqual(
    [100, 100, 2500].map((at) => frameAt(at).id),
  );
  expect(rows.map(({ frame }) => frame !== null)).toEqual([true, false, true]);
  expect(rows[0]).toMatchObject({
    row_id: `${sample().id}/0`,
    context_app: 'chromium',
    display_width: 1280,
    frame_age_ms: 400,
    events_from: 3,
    events_to: 5,
  });
});

test('base64 of any length is that of everyone else', () => {
  for (let length = 0; length < 20; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 151) & 0xff);
    const text = fromUtf8(toBase64Bytes(bytes));
    expect(text.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')).toBe(
      toBase64url(bytes),
    );
    expect(text.length % 4).toBe(0);
  }
});
