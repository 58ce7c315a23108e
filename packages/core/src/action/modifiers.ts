// Modifiers belong to what they modify: the press to the first action that used it, the release to
// the last. One that modified nothing is a key of its own.
import { begin, type Desk, type Modifier, takeMotion } from './desk.ts';
import { type Draft, newDraft } from './draft.ts';
import type { KeyEvent } from './event.ts';
import { elapsed, modifierIdleSecondsMax, typingGapSeconds } from './rules.ts';

const names = new Set(['ctrl', 'shift', 'alt', 'meta', 'altgr']);

export function isModifier(key: string): boolean {
  return names.has(key);
}

export function pressModifier(desk: Desk, event: KeyEvent): void {
  const held = desk.modifiers.get(event.key);
  if (held !== undefined) {
    held.activeAt = event.at;
    (held.user?.own ?? held.own).push(event);
    return;
  }
  const own = takeMotion(desk, event.at);
  own.push(event);
  const { key: name, at } = event;
  desk.modifiers.set(name, { name, pressedAt: at, activeAt: at, own, user: undefined });
}

export function releaseModifier(desk: Desk, event: KeyEvent): void {
  const held = desk.modifiers.get(event.key);
  if (held === undefined) return;
  if (held.user === undefined) settleUnused(desk, held);
  desk.modifiers.delete(event.key);
  const { user } = held;
  if (user === undefined) return;
  user.own.push(event);
  if (user.kind === 'type' || user.kind === 'key' || user.kind === 'hotkey') {
    user.endedAt = Math.max(user.endedAt, event.at);
  }
}

/** Names of the modifiers held at `at`, in the order of their presses. */
export function heldModifiers(desk: Desk, at: number): readonly string[] {
  if (desk.modifiers.size === 0) return [];
  for (const held of [...desk.modifiers.values()]) {
    if (elapsed(held.activeAt, at) >= modifierIdleSecondsMax) letGo(desk, held);
  }
  return [...desk.modifiers.keys()];
}

/** When the held modifiers that `useModifiers` would hand over began, at most `at`. */
export function modifiersBegan(desk: Desk, at: number): number {
  let began = at;
  for (const held of desk.modifiers.values()) {
    if (held.user === undefined) began = Math.min(began, held.pressedAt);
  }
  return began;
}

/** Makes `draft` the user of all held modifiers. */
export function useModifiers(desk: Desk, draft: Draft, at: number): void {
  for (const held of desk.modifiers.values()) {
    for (const event of held.own) draft.own.push(event);
    held.own = [];
    held.user = draft;
    held.activeAt = at;
  }
}

/** Ends all modifiers, at the end of the log or at a gap. */
export function dropModifiers(desk: Desk): void {
  for (const held of [...desk.modifiers.values()]) letGo(desk, held);
}

function letGo(desk: Desk, held: Modifier): void {
  if (held.user === undefined) settleUnused(desk, held);
  desk.modifiers.delete(held.name);
}

/** The typed run that a key pressed at `at` would still join. */
export function openRun(desk: Desk, at: number): Draft | undefined {
  const run = desk.current;
  if (run?.kind !== 'type' || !run.open) return undefined;
  return elapsed(desk.stepAt, at) < typingGapSeconds ? run : undefined;
}

/** A tap of Shift while typing stays in the run; other unused modifiers are a key or a chord. */
function settleUnused(desk: Desk, held: Modifier): void {
  const run = held.name === 'shift' ? openRun(desk, held.pressedAt) : undefined;
  if (run !== undefined) {
    for (const event of held.own) run.own.push(event);
    held.own = [];
    held.user = run;
    return;
  }
  const chord = [...desk.modifiers.values()].filter((other) => other.user === undefined);
  const kind = chord.length > 1 ? 'hotkey' : 'key';
  const draft = begin(desk, newDraft(kind, Math.min(...chord.map((one) => one.pressedAt)), []));
  draft.keys = chord.map((one) => one.name);
  for (const one of chord) {
    for (const event of one.own) draft.own.push(event);
    draft.endedAt = Math.max(draft.endedAt, one.activeAt);
    one.own = [];
    one.user = draft;
  }
}
