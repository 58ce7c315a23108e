import { expect, test } from 'vitest';
import type { CapturedEvent } from '../events/index.ts';
import type { KeyObservation, Modifier } from '../observation/index.ts';
import { Typing } from './typing.ts';

const named = new Set(['enter', 'backspace', 'tab', 'ctrl', 'shift', 'alt', 'left']);

/** `a` presses and releases, `+a` presses, `-a` releases; each 10 ms after the last. */
function typed(keys: readonly string[], times: readonly number[] = []): CapturedEvent[] {
  const list = { events: [] as CapturedEvent[] };
  const typing = new Typing();
  const held = new Set<Modifier>();
  const steps = keys.flatMap((key) => (/^[+-]./.test(key) ? [key] : [`+${key}`, `-${key}`]));
  for (const [at, step] of steps.entries()) {
    const name = step.slice(1);
    const down = step.startsWith('+');
    const atMs = times[at] ?? at * 10;
    typing.add(list, keyOf(name, down, [...held], atMs), atMs, 0);
    if (name === 'ctrl' || name === 'shift' || name === 'alt') {
      if (down) held.add(name);
      else held.delete(name);
    }
  }
  return list.events;
}

function keyOf(name: string, down: boolean, modifiers: Modifier[], atMs: number): KeyObservation {
  const text = named.has(name) ? undefined : name;
  const keycode = [...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
  const rest = { serverTime: 0, injected: false, keysym: 0, repeat: false };
  return { kind: 'key', atMs, keycode, name, text, down, modifiers, ...rest };
}

function brief(events: readonly CapturedEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'run') return `"${event.text}"`;
    return event.kind === 'key' ? `${event.down ? '+' : '-'}${event.key}` : event.kind;
  });
}

test('letters make one run, without their keys', () => {
  const events = typed(['h', 'i', ' ', 'y', 'o', 'u']);
  expect(brief(events)).toEqual(['"hi you"']);
  expect(events[0]).toMatchObject({ keyCount: 6, atMs: 0, endedAtMs: 100 });
});

test('a run ends at Enter, at Backspace and after two seconds', () => {
  expect(brief(typed(['a', 'enter', 'b']))).toEqual(['"a"', '+enter', '-enter', '"b"']);
  expect(brief(typed(['a', 'backspace', 'b']))).toEqual(['"a"', '+backspace', '-backspace', '"b"']);
  expect(brief(typed(['a', 'b'], [0, 1, 2000, 2001]))).toEqual(['"a"', '"b"']);
});

test('Shift is part of the text that it makes', () => {
  expect(brief(typed(['+shift', 'H', '-shift', 'i']))).toEqual(['"Hi"']);
});

test('Shift is told where it changes a key or a shortcut', () => {
  const events = typed(['+shift', '+ctrl', 't', '-ctrl', '-shift']);
  expect(brief(events)).toEqual(['+shift', '+ctrl', '+t', '-t', '-ctrl', '-shift']);
  expect(brief(typed(['+shift', 'left', '-shift']))).toEqual([
    '+shift',
    '+left',
    '-left',
    '-shift',
  ]);
});

test('a shortcut is keys, never text', () => {
  expect(brief(typed(['a', '+ctrl', 's', '-ctrl']))).toEqual(['"a"', '+ctrl', '+s', '-s', '-ctrl']);
});

test('keys that roll over each other stay in order of their presses', () => {
  expect(brief(typed(['+a', '+b', '-a', '-b']))).toEqual(['"ab"']);
});
