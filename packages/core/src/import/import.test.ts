import { expect, test } from 'vitest';
import { lineBytesMax, parseLog } from './index.ts';
import { keyName } from './key-name.ts';

const move = (at: number, x = 1, y = 1) => JSON.stringify({ time_stamp: at, action: 'move', x, y });
const press = (at: number, name: unknown, more: object = {}) =>
  JSON.stringify({ time_stamp: at, action: 'press', name, ...more });

function reasons(lines: readonly string[], screen?: { width: number; height: number }) {
  const { events, rejected } = parseLog(lines.join('\n'), 'ducktrack', screen);
  return { indexes: events.map((event) => event.index), rejected };
}

test('every kind of line becomes its event, with integer pixels and its line number', () => {
  const log = [
    '{"time_stamp": 1.5, "action": "move", "x": 3.4, "y": -0.2}',
    '{"time_stamp": 2, "action": "click", "x": 1, "y": 2, "button": "x1", "pressed": true}',
    '{"time_stamp": 3, "action": "scroll", "x": 1, "y": 2, "dx": 0, "dy": -1}',
    '{"time_stamp": 4, "action": "release", "name": "ctrl_l"}',
    '{"time_stamp": 5, "action": "pause"}',
  ].join('\r\n');
  expect(parseLog(log, 'ducktrack')).toEqual({
    events: [
      { kind: 'move', x: 3, y: 0, at: 1.5, index: 0 },
      { kind: 'button', button: 'back', down: true, x: 1, y: 2, at: 2, index: 1 },
      { kind: 'scroll', dx: 0, dy: -1, x: 1, y: 2, at: 3, index: 2 },
      { kind: 'key', key: 'ctrl', down: false, at: 4, index: 3 },
      { kind: 'gap', at: 5, index: 4 },
    ],
    rejected: [],
  });
});

test('bytes and text, CRLF and LF, with and without a last newline read the same', () => {
  const text = `\ufeff${move(1)}\n${press(2, 'é')}`;
  const whole = parseLog(text, 'agentnet');
  expect(whole.events).toHaveLength(2);
  for (const other of [`${text}\n`, text.replace('\n', '\r\n'), `${text}\r\n`]) {
    expect(parseLog(other, 'agentnet')).toEqual(whole);
    expect(parseLog(new TextEncoder().encode(other), 'agentnet')).toEqual(whole);
  }
});

test('each bad line is rejected with its number and a reason without content', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['{"time_stamp": NaN, "action": "move", "x": 1, "y": 1}', 'json.invalid'],
    ['{"time_stamp": 2, "action": "move", "x": NaN, "y": 1}', 'json.invalid'],
    ['{"time_stamp": 2, "action": "move", "x": 1, "x": 2, "y": 1}', 'json.duplicate-field'],
    ['{"time_stamp": 2, "action": "move", "x": 1, "\\u0078": 2, "y": 1}', 'json.duplicate-field'],
    ['{"time_stamp": 2, "action": "move", "x": "1", "y": 1}', 'field.invalid'],
    ['{"time_stamp": 2, "action": "move", "x": 1e400, "y": 1}', 'field.invalid'],
    ['{"time_stamp": 2, "action": "move", "x": 1e9, "y": 1}', 'coordinate.out-of-range'],
    ['{"time_stamp": 2, "action": "teleport", "x": 1, "y": 1}', 'action.unknown'],
    ['{"time_stamp": "2", "action": "move", "x": 1, "y": 1}', 'time.invalid'],
    ['{"action": "move", "x": 1, "y": 1}', 'time.invalid'],
    [move(0.5), 'time.backwards'],
    [move(1e9), 'time.jump'],
    [press(2, null), 'key.unknown'],
    [press(2, ''), 'key.unknown'],
    [
      '{"time_stamp": 2, "action": "click", "x": 1, "y": 1, "button": "toString", "pressed": true}',
      'button.unknown',
    ],
    [
      '{"time_stamp": 2, "action": "click", "x": 1, "y": 1, "button": "left", "pressed": 1}',
      'field.invalid',
    ],
    ['{"time_stamp": 2, "action": "scroll", "x": 1, "y": 1, "dx": 0}', 'field.invalid'],
    ['[1]', 'json.invalid'],
    ['null', 'json.invalid'],
    [`{"a": "${'x'.repeat(1_000_000)}"}`, 'line.too-long'],
  ];
  const { indexes, rejected } = reasons([move(1), ...bad.map(([line]) => line), move(3)]);
  expect(rejected).toEqual(bad.map(([, reason], at) => ({ line: at + 1, reason })));
  expect(indexes).toEqual([0, bad.length + 1]);
});

test('a line at the limit is read and one byte more is not', () => {
  const line = (length: number) => {
    const bare = JSON.stringify({ time_stamp: 1, action: 'move', x: 1, y: 1, pad: '' });
    return bare.replace('""', `"${'x'.repeat(length - bare.length)}"`);
  };
  expect(reasons([line(lineBytesMax)]).indexes).toEqual([0]);
  expect(reasons([move(1), line(lineBytesMax + 1)]).rejected).toEqual([
    { line: 1, reason: 'line.too-long' },
  ]);
});

test('a line that is not UTF-8 is rejected and the next one is read', () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x0a, ...new TextEncoder().encode(move(1))]);
  const { events, rejected } = parseLog(bytes, 'ducktrack');
  expect(rejected).toEqual([{ line: 0, reason: 'line.not-utf8' }]);
  expect(events).toHaveLength(1);
});

test('blank lines count as lines and are neither events nor rejected', () => {
  expect(reasons([move(1), '', '  ', move(2)])).toEqual({ indexes: [0, 3], rejected: [] });
});

test('a position outside the known screen is rejected, never clamped', () => {
  const lines = [move(1, 99.9, 49.6), move(2, 100, 1), move(3, -0.4, 1), move(4, 1, 50)];
  const screen = { width: 100, height: 50 };
  expect(reasons(lines, screen).rejected.map(({ line }) => line)).toEqual([1, 2, 3]);
  expect(parseLog(lines.join('\n'), 'ducktrack', screen).events).toMatchObject([{ x: 99, y: 49 }]);
  expect(reasons(lines).rejected).toEqual([]);
});

test('threads of the recorder may race for a moment', () => {
  expect(reasons([move(1), press(0.99, 'a'), move(1.01)]).rejected).toEqual([]);
});

test('key names of every recorder become one name', () => {
  const names: readonly (readonly [unknown, unknown, string | undefined])[] = [
    ['Key.shift', undefined, 'shift'],
    ['shift_r', undefined, 'shift'],
    ['cmd_r', undefined, 'meta'],
    ['alt_gr', undefined, 'altgr'],
    ['Page Up', '<33>', 'page_up'],
    ['Backspace', '<8>', 'backspace'],
    ['return', undefined, 'enter'],
    ['A', "'A'", 'A'],
    ['C', "'\\x03'", 'c'],
    ['\u0003', undefined, 'c'],
    [' ', undefined, 'space'],
    ['5', '<101>', '5'],
    ['$Unknown (65461)$', '<65461>', '5'],
    [null, 'Key.f5', 'f5'],
    [null, "'é'", 'é'],
    ['$Unknown (255)$', '<255>', undefined],
    ['constructor', undefined, 'constructor'],
    ['x'.repeat(100), undefined, undefined],
  ];
  for (const [name, pynput, expected] of names) expect(keyName(name, pynput)).toBe(expected);
});

test('a log that is something else altogether is refused', () => {
  for (const text of ['hello', '{"kind":"move"}', '\u0000\u0001', '[]\n{}']) {
    expect(() => parseLog(text, 'ducktrack')).toThrow(
      expect.objectContaining({ code: 'format.unknown' }),
    );
  }
  expect(parseLog('', 'ducktrack')).toEqual({ events: [], rejected: [] });
  expect(parseLog(move(1, 1e9), 'ducktrack').rejected).toHaveLength(1);
});
