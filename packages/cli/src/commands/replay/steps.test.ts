import { expect, test } from 'vitest';
import type { ReplayAction } from './export-row.ts';
import { keySymbol } from './key-symbols.ts';
import { actionsToSteps, actionToSteps, waitMsMax } from './steps.ts';

const at = { startedAt: 0, endedAt: 0 } as const;

function calls(action: Omit<ReplayAction, 'startedAt' | 'endedAt'>): readonly string[] {
  const steps = actionToSteps({ ...at, ...action }) ?? [];
  return steps.flatMap((step) => {
    if (step.kind === 'type') return [`type ${step.text}`];
    return step.kind === 'xdotool' ? [step.args.join(' ')] : [];
  });
}

test('a double click presses twice where it was', () => {
  const pair = ['mousedown 1', 'mouseup 1'];
  expect(calls({ kind: 'click', button: 'left', x: 5, y: 7, count: 2 })).toEqual([
    'mousemove 5 7',
    ...pair,
    ...pair,
  ]);
});

test('modifiers are held around what they modify, and let go in the other order', () => {
  const action = {
    kind: 'click',
    button: 'right',
    x: 1,
    y: 2,
    modifiers: ['ctrl', 'shift'],
  } as const;
  expect(calls({ ...action, modifiers: [...action.modifiers] })).toEqual([
    'keydown Control_L',
    'keydown Shift_L',
    'mousemove 1 2',
    'mousedown 3',
    'mouseup 3',
    'keyup Shift_L',
    'keyup Control_L',
  ]);
});

test('a drag follows its path between press and release, after the clicks of its count', () => {
  const path: [number, number, number][] = [
    [1, 1, 0],
    [9, 9, 0.1],
  ];
  const drag = { kind: 'drag', button: 'left', x: 1, y: 1, path } as const;
  const pressed = ['mousedown 1', 'mousemove 1 1', 'mousemove 9 9', 'mouseup 1'];
  expect(calls(drag)).toEqual(['mousemove 1 1', ...pressed]);
  expect(calls({ ...drag, count: 2 })).toEqual([
    'mousemove 1 1',
    'mousedown 1',
    'mouseup 1',
    ...pressed,
  ]);
});

test('a long path is thinned and keeps its end', () => {
  const path = Array.from({ length: 10_001 }, (_, n): [number, number, number] => [n, 0, n / 1000]);
  const moves = calls({ kind: 'move', x: 0, y: 0, path });
  expect(moves.length).toBeLessThan(420);
  expect([moves[0], moves.at(-1)]).toEqual(['mousemove 0 0', 'mousemove 10000 0']);
});

test.each([
  [{ dy: 3 }, 'click --repeat 3 --delay 20 4'],
  [{ dy: -2 }, 'click --repeat 2 --delay 20 5'],
  [{ dx: -1 }, 'click --repeat 1 --delay 20 6'],
  [{ dx: 0.4 }, 'click --repeat 1 --delay 20 7'],
])('scrolling %j turns the wheel that way', (wheel, expected) => {
  expect(calls({ kind: 'scroll', x: 4, y: 4, ...wheel })).toEqual(['mousemove 4 4', expected]);
});

test('keys and text', () => {
  expect(calls({ kind: 'hotkey', keys: ['ctrl', 'shift', 'c'] })).toEqual([
    'key -- Control_L+Shift_L+c',
  ]);
  expect(calls({ kind: 'key', keys: ['enter'] })).toEqual(['key -- Return']);
  expect(calls({ kind: 'type', text: '-- $(x)\n' })).toEqual(['type -- $(x)\n']);
});

test.each([
  ['page_down', 'Next'],
  ['f12', 'F12'],
  ['A', 'A'],
  ['+', 'U002B'],
  ['ß', 'U00DF'],
  ['keysym-1008ff13', '0x1008ff13'],
  ['constructor', undefined],
  ['f99', undefined],
])('the key %s is %s', (name, symbol) => {
  expect(keySymbol(name)).toBe(symbol);
});

test('an action whose key X does not have is left out, not half done', () => {
  const [, missing] = actionsToSteps([
    { ...at, kind: 'key', keys: ['a'] },
    { ...at, kind: 'hotkey', keys: ['ctrl', 'warp'] },
  ]);
  expect(missing).toBeUndefined();
});

test('waits between actions are as recorded, within their limit', () => {
  const click = (startedAt: number, endedAt: number): ReplayAction => ({
    kind: 'key',
    keys: ['a'],
    startedAt,
    endedAt,
  });
  const waits = actionsToSteps([click(5, 5.2), click(5.7, 6), click(60, 60), click(59, 59)]);
  const first = waits.map((steps) => (steps?.[0]?.kind === 'wait' ? steps[0].ms : -1));
  expect(first).toEqual([0, 500, waitMsMax, 0]);
});
