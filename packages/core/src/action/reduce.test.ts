import { expect, test } from 'vitest';
import { type Action, actionJson, type InputEvent, reduce } from './index.ts';
import { inputLog } from './input-log.ts';

/** What is left of an action without its times and provenance. */
function gist({ kind, button, modifiers, x, y, text, keys, dx, dy, count }: Action): object {
  const all = { kind, button, modifiers, x, y, text, keys, dx, dy, count };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function gists(events: Iterable<InputEvent>): object[] {
  return reduce(events).map(gist);
}

function kinds(events: Iterable<InputEvent>): string[] {
  return reduce(events).map((action) => action.text ?? action.keys?.join('+') ?? action.kind);
}

const left = { kind: 'click', button: 'left' };

test('motion that leads to a click belongs to it, and the click starts at its press', () => {
  const log = inputLog().move(1, 5, 5).move(1.1, 9, 9).down(1.2, 10, 10).up(1.3, 10, 10);
  expect(reduce(log.events)).toEqual([
    { ...left, x: 10, y: 10, count: 1, startedAt: 1.2, endedAt: 1.3, events: [0, 3] },
  ]);
});

test('motion that ends in no other action is a move with its path', () => {
  const log = inputLog().move(1, 5, 5).move(1.1, 9, 9).move(3.1, 20, 20).tap(3.2, 'a');
  expect(reduce(log.events)).toEqual([
    {
      kind: 'move',
      x: 5,
      y: 5,
      path: [
        [5, 5, 1],
        [9, 9, 1.1],
      ],
      startedAt: 1,
      endedAt: 1.1,
      events: [0, 1],
    },
    { kind: 'type', text: 'a', startedAt: 3.2, endedAt: 3.25, events: [2, 4] },
  ]);
});

test('clicks merge up to three, counted from the first press, as first actions too', () => {
  const twice = inputLog().click(0, 10, 10).click(0.45, 14, 10);
  expect(gists(twice.events)).toEqual([{ ...left, x: 10, y: 10, count: 2 }]);
  const late = inputLog().click(0.6, 10, 10).click(0.9, 10, 10).click(1.11, 10, 10);
  expect(gists(late.events).map((one) => Reflect.get(one, 'count'))).toEqual([2, 1]);
  const four = inputLog().click(0, 1, 1).click(0.15, 1, 1).click(0.3, 1, 1).click(0.45, 1, 1);
  expect(gists(four.events).map((one) => Reflect.get(one, 'count'))).toEqual([3, 1]);
});

test('exactly half a second merges, five pixels do not', () => {
  expect(reduce(inputLog().click(0.6, 1, 1).click(1.1, 1, 1).events)).toHaveLength(1);
  expect(reduce(inputLog().click(0, 1, 1).click(0.2, 4, 5).events)).toHaveLength(2);
});

test('clicks with another button, other modifiers or something between do not merge', () => {
  expect(reduce(inputLog().click(0, 1, 1).click(0.2, 1, 1, 'right').events)).toHaveLength(2);
  const ctrl = inputLog().click(0, 1, 1).key(0.1, 'ctrl').click(0.2, 1, 1).keyUp(0.3, 'ctrl');
  expect(gists(ctrl.events)).toEqual([
    { ...left, x: 1, y: 1, count: 1 },
    { ...left, modifiers: ['ctrl'], x: 1, y: 1, count: 1 },
  ]);
  const typed = inputLog().click(0, 1, 1).tap(0.1, 'a').click(0.2, 1, 1);
  expect(kinds(typed.events)).toEqual(['click', 'a', 'click']);
});

test('a click followed by press and move is a drag more, with its count', () => {
  const log = inputLog().click(0, 10, 10).down(0.2, 10, 10).move(0.3, 30, 10).up(0.4, 50, 10);
  expect(reduce(log.events)).toEqual([
    { ...left, x: 10, y: 10, count: 1, startedAt: 0, endedAt: 0.05, events: [0, 1] },
    {
      kind: 'drag',
      button: 'left',
      x: 10,
      y: 10,
      count: 2,
      startedAt: 0.2,
      endedAt: 0.4,
      path: [
        [10, 10, 0.2],
        [30, 10, 0.3],
        [50, 10, 0.4],
      ],
      events: [2, 4],
    },
  ]);
});

test('eight pixels make a drag, also when it returns, and less makes a click', () => {
  const away = (x: number) => inputLog().down(0, 0, 0).move(0.1, x, 0).up(0.2, 0, 0).events;
  expect(kinds(away(8))).toEqual(['drag']);
  expect(kinds(away(7))).toEqual(['click']);
  expect(kinds(inputLog().down(0, 0, 0).up(0.2, 0, 8).events)).toEqual(['drag']);
});

test('a press of one second is a long press, one that moved is a drag', () => {
  const log = inputLog().down(0, 0, 0).up(1, 3, 0).down(3, 0, 0).move(4, 9, 0).up(5, 9, 0);
  expect(kinds(log.events)).toEqual(['long_press', 'drag']);
});

test('a drag that is the last action stays a drag, with and without its release', () => {
  const open = inputLog().down(0, 0, 0).move(0.1, 50, 0);
  expect(gists(open.events)).toEqual([{ ...left, kind: 'drag', x: 0, y: 0, count: 1 }]);
  expect(kinds(open.up(0.2, 50, 0).events)).toEqual(['drag']);
});

test('a right-button drag keeps its button and the modifiers held', () => {
  const log = inputLog().key(0, 'shift').down(0.1, 0, 0, 'right').up(0.2, 90, 0, 'right');
  expect(gists(log.events)).toEqual([
    { kind: 'drag', button: 'right', modifiers: ['shift'], x: 0, y: 0, count: 1 },
  ]);
});

test('a second button during a drag is an action of its own, and motion goes to the first', () => {
  const log = inputLog().down(0, 0, 0).move(0.1, 20, 0).down(0.2, 20, 0, 'right');
  log.up(0.3, 20, 0, 'right').move(0.4, 40, 0).up(0.5, 40, 0);
  const [drag, click] = reduce(log.events);
  expect(drag).toMatchObject({ kind: 'drag', button: 'left', events: [0, 5] });
  expect(drag?.path).toHaveLength(4);
  expect(click).toMatchObject({ kind: 'click', button: 'right', events: [2, 3] });
});

test('a press whose release was lost is a click, and the motion leads to the next press', () => {
  const log = inputLog().down(0, 0, 0).move(0.8, 50, 0).down(0.9, 90, 0).up(1, 90, 0);
  expect(reduce(log.events)).toMatchObject([
    { kind: 'click', x: 0, events: [0, 0] },
    { kind: 'click', x: 90, events: [1, 3] },
  ]);
});

test('releases whose press is unknown make nothing', () => {
  expect(reduce(inputLog().up(0, 1, 1).keyUp(0.1, 'a').keyUp(0.2, 'ctrl').events)).toEqual([]);
});

test('three steps down and three up are two scrolls', () => {
  const log = inputLog();
  for (let step = 0; step < 6; step++) log.scroll(step / 10, 0, step < 3 ? -1 : 1);
  expect(gists(log.events)).toEqual([
    { kind: 'scroll', x: 0, y: 0, dx: 0, dy: -3 },
    { kind: 'scroll', x: 0, y: 0, dx: 0, dy: 3 },
  ]);
});

test('scrolls split on half a second, on another axis and on modifiers', () => {
  const paused = inputLog().scroll(0, 0, 1).scroll(0.49, 0, 1).scroll(0.99, 0, 1);
  expect(reduce(paused.events).map((one) => one.dy)).toEqual([2, 1]);
  const sideways = inputLog().scroll(0, 0, 1).scroll(0.1, 1, 0).scroll(0.2, 1, 0);
  expect(reduce(sideways.events).map((one) => [one.dx, one.dy])).toEqual([
    [0, 1],
    [2, 0],
  ]);
  const zoom = inputLog().scroll(0, 0, 1).key(0.1, 'ctrl').scroll(0.2, 0, 1).keyUp(0.3, 'ctrl');
  expect(reduce(zoom.events).map((one) => one.modifiers)).toEqual([undefined, ['ctrl']]);
});

test('a scroll during a drag is a scroll, and the drag goes on', () => {
  const log = inputLog().down(0, 0, 0).move(0.1, 20, 0).scroll(0.2, 0, 1).move(0.3, 40, 0);
  expect(reduce(log.up(0.4, 40, 0).events)).toMatchObject([
    { kind: 'drag', events: [0, 4] },
    { kind: 'scroll', events: [2, 2] },
  ]);
});

test('fractional steps add up to what they say', () => {
  expect(reduce(inputLog().scroll(0, 0, 0.1).scroll(0.1, 0, 0.2).events)[0]?.dy).toBe(0.3);
});

test('rollover typing is one run, and Enter is a key', () => {
  const log = inputLog().key(0, 'a').key(0.1, 'b').keyUp(0.2, 'a').key(0.25, 'enter');
  log.keyUp(0.3, 'b').keyUp(0.4, 'enter');
  expect(reduce(log.events)).toEqual([
    { kind: 'type', text: 'ab', startedAt: 0, endedAt: 0.3, events: [0, 4] },
    { kind: 'key', keys: ['enter'], startedAt: 0.25, endedAt: 0.4, events: [3, 5] },
  ]);
});

test('typing splits on two seconds, focus, a click and Backspace, but not on motion', () => {
  expect(kinds(inputLog().tap(0, 'a').tap(1.99, 'b').tap(3.99, 'c').events)).toEqual(['ab', 'c']);
  const focus = inputLog().tap(0, 'a').boundary(0.1, 'focus').tap(0.2, 'b');
  expect(kinds(focus.events)).toEqual(['a', 'b']);
  expect(kinds(inputLog().tap(0, 'a').click(0.2, 1, 1).tap(0.4, 'b').events)).toEqual([
    'a',
    'click',
    'b',
  ]);
  const back = inputLog().tap(0, 'a').tap(0.2, 'backspace').tap(0.4, 'b');
  expect(kinds(back.events)).toEqual(['a', 'backspace', 'b']);
  const moved = inputLog().tap(0, 'a').move(0.2, 1, 1).tap(0.4, 'b');
  expect(reduce(moved.events)).toMatchObject([{ text: 'ab', events: [0, 4] }]);
});

test('space and shifted letters are text, Tab is a key', () => {
  const log = inputLog().key(0, 'shift').tap(0.1, 'H').keyUp(0.2, 'shift').tap(0.3, 'i');
  log.tap(0.4, 'space').tap(0.5, '!').tap(0.6, 'tab');
  expect(kinds(log.events)).toEqual(['Hi !', 'tab']);
  expect(reduce(log.events)[0]?.events).toEqual([0, 9]);
});

test('a key released under another name after Shift went up is still the same key', () => {
  const log = inputLog().key(0, 'shift').key(0.1, '!').keyUp(0.2, 'shift').keyUp(0.3, '1');
  expect(reduce(log.events)).toMatchObject([{ text: '!', events: [0, 3] }]);
});

test('Shift with a key that makes no text keeps it as a modifier of the key', () => {
  const log = inputLog().key(0, 'shift').tap(0.1, 'tab').keyUp(0.3, 'shift');
  expect(gists(log.events)).toEqual([{ kind: 'key', modifiers: ['shift'], keys: ['tab'] }]);
});

test('copy and paste while Ctrl stays down are two hotkeys', () => {
  const log = inputLog().key(0, 'ctrl').tap(0.1, 'c').tap(0.3, 'v').keyUp(0.5, 'ctrl');
  expect(reduce(log.events)).toEqual([
    { kind: 'hotkey', keys: ['ctrl', 'c'], startedAt: 0, endedAt: 0.15, events: [0, 2] },
    { kind: 'hotkey', keys: ['ctrl', 'v'], startedAt: 0.3, endedAt: 0.5, events: [3, 5] },
  ]);
});

test('hotkeys name modifiers in the order of their presses and the key in lower case', () => {
  const log = inputLog().key(0, 'ctrl').key(0.1, 'shift').tap(0.2, 'T');
  log.keyUp(0.3, 'shift').keyUp(0.4, 'ctrl');
  expect(gists(log.events)).toEqual([{ kind: 'hotkey', keys: ['ctrl', 'shift', 't'] }]);
  const tabs = inputLog().key(0, 'alt').tap(0.1, 'tab').tap(0.3, 'tab').keyUp(0.5, 'alt');
  expect(kinds(tabs.events)).toEqual(['alt+tab', 'alt+tab']);
});

test('a double click with Ctrl owns the press and the release of Ctrl', () => {
  const log = inputLog().key(0, 'ctrl').click(0.1, 1, 1).click(0.3, 1, 1).keyUp(0.5, 'ctrl');
  expect(reduce(log.events)).toMatchObject([
    { kind: 'click', count: 2, modifiers: ['ctrl'], endedAt: 0.35, events: [0, 5] },
  ]);
});

test('a tap of Shift while typing stays in the run', () => {
  const log = inputLog().tap(0, 'a').tap(0.2, 'shift').tap(0.4, 'b');
  expect(reduce(log.events)).toMatchObject([{ text: 'ab', events: [0, 5] }]);
  expect(kinds(inputLog().tap(0, 'a').tap(2, 'shift').events)).toEqual(['a', 'shift']);
});

test('AltGr types, however the system reports it', () => {
  const linux = inputLog().key(0, 'altgr').tap(0.1, '@').keyUp(0.2, 'altgr').tap(0.3, 'x');
  expect(kinds(linux.events)).toEqual(['@x']);
  const windows = inputLog().key(0, 'ctrl').key(0, 'alt').tap(0.1, '@').keyUp(0.2, 'ctrl');
  expect(kinds(windows.keyUp(0.2, 'alt').tap(0.3, 'x').events)).toEqual(['@x']);
});

test('a modifier pressed alone is a key, several together are a hotkey', () => {
  expect(reduce(inputLog().tap(0, 'meta').events)).toEqual([
    { kind: 'key', keys: ['meta'], startedAt: 0, endedAt: 0.05, events: [0, 1] },
  ]);
  const chord = inputLog().key(0, 'alt').key(0.1, 'shift').keyUp(0.2, 'shift').keyUp(0.3, 'alt');
  expect(gists(chord.events)).toEqual([{ kind: 'hotkey', keys: ['alt', 'shift'] }]);
});

test('auto-repeat types what it types, and repeats of a modifier add nothing', () => {
  const log = inputLog().key(0, 'a').key(0.5, 'a').key(0.55, 'a').keyUp(0.6, 'a');
  expect(reduce(log.events)).toMatchObject([{ text: 'aaa', events: [0, 3] }]);
  const ctrl = inputLog().key(0, 'ctrl').key(0.5, 'ctrl').key(0.6, 'ctrl').tap(0.7, 'z');
  expect(gists(ctrl.keyUp(0.9, 'ctrl').events)).toEqual([{ kind: 'hotkey', keys: ['ctrl', 'z'] }]);
});

test('a modifier whose release was lost does not turn later typing into shortcuts', () => {
  const log = inputLog().key(0, 'ctrl').tap(0.1, 'c').tap(11, 'a').tap(11.2, 'b');
  expect(kinds(log.events)).toEqual(['ctrl+c', 'ab']);
});

test('runs that the device assembled pass through one by one', () => {
  const log = inputLog().move(0, 1, 1).run(0.1, 'one', 0.5).run(0.6, 'two', 0.9).tap(1, 'enter');
  expect(reduce(log.events)).toEqual([
    { kind: 'type', text: 'one', startedAt: 0.1, endedAt: 0.5, events: [0, 1] },
    { kind: 'type', text: 'two', startedAt: 0.6, endedAt: 0.9, events: [2, 2] },
    { kind: 'key', keys: ['enter'], startedAt: 1, endedAt: 1.05, events: [3, 4] },
  ]);
});

test('nothing goes on after a gap or a change of display, and nothing is clamped', () => {
  for (const kind of ['gap', 'display'] as const) {
    const log = inputLog().click(0, 1, 1).boundary(0.1, kind).click(0.2, 1, 1);
    expect(reduce(log.events), kind).toHaveLength(2);
    const held = inputLog().key(0, 'ctrl').down(0.1, 0, 0).boundary(0.2, kind).tap(0.3, 'a');
    expect(kinds(held.up(0.4, 900, 0).keyUp(0.5, 'ctrl').events), kind).toEqual(['click', 'a']);
  }
  const wide = inputLog().click(0, 9000, 5000);
  expect(gists(wide.events)).toMatchObject([{ x: 9000, y: 5000 }]);
});

test('a focus change that a click causes does not break a double click', () => {
  const log = inputLog().click(0, 1, 1).boundary(0.1, 'focus').click(0.2, 1, 1);
  expect(gists(log.events)).toEqual([{ ...left, x: 1, y: 1, count: 2 }]);
});

test('the JSON has the published fields in the published order', () => {
  const [drag] = reduce(inputLog().key(0, 'alt').down(1, 0, 0).up(2, 9, 9).events);
  if (drag === undefined) throw new Error('no drag');
  expect(actionJson(drag)).toBe(
    '{"kind":"drag","button":"left","modifiers":["alt"],"x":0,"y":0,' +
      '"path":[[0,0,1],[9,9,2]],"count":1,"startedAt":1,"endedAt":2,"events":[0,2]}',
  );
  expect(actionJson({ ...drag, extra: 1 } as Action)).not.toContain('extra');
});
