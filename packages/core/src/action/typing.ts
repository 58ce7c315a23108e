// Keys: characters join a typed run, everything else is a key, or a hotkey where a modifier other
// than Shift alone is held. Presses decide; a release only belongs to the action of its press.
import { begin, type Desk, joinMotion, takeMotion } from './desk.ts';
import { type Draft, newDraft } from './draft.ts';
import type { KeyEvent, RunEvent } from './event.ts';
import {
  heldModifiers,
  isModifier,
  modifiersBegan,
  openRun,
  pressModifier,
  releaseModifier,
  useModifiers,
} from './modifiers.ts';

export function readKey(desk: Desk, event: KeyEvent): void {
  const { key, down } = event;
  if (isModifier(key)) {
    if (down) pressModifier(desk, event);
    else releaseModifier(desk, event);
  } else if (down) pressKey(desk, event);
  else releaseKey(desk, event);
}

/** A run that the device assembled passes through as it is. */
export function readRun(desk: Desk, event: RunEvent): void {
  heldModifiers(desk, event.at);
  const draft = newDraft('type', event.at, takeMotion(desk, event.at));
  draft.own.push(event);
  draft.text = event.text;
  draft.endedAt = Math.max(event.at, event.endedAt);
  useModifiers(desk, draft, event.at);
  begin(desk, draft);
}

function pressKey(desk: Desk, event: KeyEvent): void {
  const modifiers = heldModifiers(desk, event.at);
  const text = textOf(event.key, modifiers);
  const draft =
    text === undefined ? pressNamed(desk, event, modifiers) : pressText(desk, event, text);
  draft.own.push(event);
  draft.endedAt = Math.max(draft.endedAt, event.at);
  useModifiers(desk, draft, event.at);
  const name = event.key.toLowerCase();
  desk.keys.delete(name);
  desk.keys.set(name, { draft, shifted: desk.modifiers.has('shift') });
}

function pressText(desk: Desk, event: KeyEvent, text: string): Draft {
  const run = openRun(desk, event.at);
  if (run !== undefined) {
    desk.stepAt = event.at;
    joinMotion(desk, run, event.at);
    run.text = (run.text ?? '') + text;
    return run;
  }
  const led = takeMotion(desk, event.at);
  const draft = begin(desk, newDraft('type', modifiersBegan(desk, event.at), led));
  draft.open = true;
  draft.text = text;
  desk.stepAt = event.at;
  return draft;
}

function pressNamed(desk: Desk, event: KeyEvent, modifiers: readonly string[]): Draft {
  const led = takeMotion(desk, event.at);
  const name = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const plain = modifiers.every((modifier) => modifier === 'shift');
  const startedAt = modifiersBegan(desk, event.at);
  const draft = begin(desk, newDraft(plain ? 'key' : 'hotkey', startedAt, led));
  draft.keys = plain ? [name] : [...modifiers, name];
  if (plain) draft.modifiers = modifiers;
  return draft;
}

function releaseKey(desk: Desk, event: KeyEvent): void {
  const name = event.key.toLowerCase();
  const held = desk.keys.has(name) ? name : renamedBy(desk, name);
  const key = held === undefined ? undefined : desk.keys.get(held);
  if (held === undefined || key === undefined) return;
  desk.keys.delete(held);
  key.draft.own.push(event);
  key.draft.endedAt = Math.max(key.draft.endedAt, event.at);
}

/** A key pressed as `!` is released as `1` when Shift went up first: the oldest such press. */
function renamedBy(desk: Desk, name: string): string | undefined {
  const shifted = desk.modifiers.has('shift');
  if (!isCharacter(name)) return undefined;
  for (const [other, key] of desk.keys) {
    if (key.shifted !== shifted && isCharacter(other)) return other;
  }
  return undefined;
}

/** The text that a press makes, or undefined where it makes none. */
function textOf(key: string, modifiers: readonly string[]): string | undefined {
  const character = key === 'space' ? ' ' : key;
  if (!isCharacter(character)) return undefined;
  const plain = modifiers.every((modifier) => modifier === 'shift' || modifier === 'altgr');
  return plain || isAltGraph(character, modifiers) ? character : undefined;
}

/** Windows reports AltGr as Ctrl with Alt; the symbols it makes are typed, not commanded. */
function isAltGraph(character: string, modifiers: readonly string[]): boolean {
  if (modifiers.includes('altgr')) return modifiers.includes('ctrl');
  const both = modifiers.includes('ctrl') && modifiers.includes('alt');
  return both && !modifiers.includes('meta') && !/[\p{L}\p{N} ]/u.test(character);
}

function isCharacter(key: string): boolean {
  const code = key.codePointAt(0) ?? 0;
  return key.length === (code > 0xffff ? 2 : 1) && code >= 0x20 && code !== 0x7f;
}
