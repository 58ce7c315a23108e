// The state between two events: what has been drafted, which draft may go on, and the pointer
// motion that has not yet led anywhere.
import { type Draft, newDraft } from './draft.ts';
import type { InputEvent, MouseButton, MoveEvent } from './event.ts';
import { elapsed, motionGapSeconds } from './rules.ts';

export interface Modifier {
  readonly name: string;
  readonly pressedAt: number;
  /** Last press, auto-repeat or use. */
  activeAt: number;
  /** Leading motion, press and auto-repeats, until something uses the modifier. */
  own: InputEvent[];
  /** The last action that it modified, or that it is itself. */
  user: Draft | undefined;
}

export interface HeldKey {
  readonly draft: Draft;
  readonly shifted: boolean;
}

export interface Desk {
  readonly drafts: Draft[];
  /** The last action begun, if input may still join it: a run, a scroll or a click. */
  current: Draft | undefined;
  motion: MoveEvent[];
  /** Presses without release, oldest first. */
  readonly gestures: Map<MouseButton, Draft>;
  readonly modifiers: Map<string, Modifier>;
  readonly keys: Map<string, HeldKey>;
  /** When the current run or scroll got its last press or step. */
  stepAt: number;
}

export function newDesk(): Desk {
  return {
    drafts: [],
    current: undefined,
    motion: [],
    gestures: new Map(),
    modifiers: new Map(),
    keys: new Map(),
    stepAt: 0,
  };
}

/** Adds a draft that later input may join. */
export function begin(desk: Desk, draft: Draft): Draft {
  desk.drafts.push(draft);
  desk.current = draft;
  return draft;
}

/** Motion that nothing followed becomes an action of its own. */
export function flushMotion(desk: Desk): void {
  const [first] = desk.motion;
  if (first === undefined) return;
  const draft = newDraft('move', first.at, []);
  draft.x = first.x;
  draft.y = first.y;
  for (const event of desk.motion) draft.trail.push(event);
  draft.endedAt = desk.motion.at(-1)?.at ?? first.at;
  desk.motion = [];
  desk.drafts.push(draft);
}

/** The motion that led to something at `at`, which owns it from now on. */
export function takeMotion(desk: Desk, at: number): InputEvent[] {
  const last = desk.motion.at(-1);
  if (last === undefined) return [];
  if (elapsed(last.at, at) >= motionGapSeconds) {
    flushMotion(desk);
    return [];
  }
  const led = desk.motion;
  desk.motion = [];
  return led;
}

/** As `takeMotion`, for an action that has begun already. */
export function joinMotion(desk: Desk, draft: Draft, at: number): void {
  for (const event of takeMotion(desk, at)) draft.own.push(event);
}
