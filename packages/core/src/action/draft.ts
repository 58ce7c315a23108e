// An action while it grows. It owns its events, each of which is owned once, and becomes an
// immutable action with their range at the end.
import type { Action, ActionKind, PathPoint } from './action.ts';
import type { InputEvent, MouseButton, PointerEvent } from './event.ts';

export interface Draft {
  kind: ActionKind;
  readonly startedAt: number;
  endedAt: number;
  /** Everything it owns, save `trail`. */
  own: InputEvent[];
  /** Press, moves and release of a gesture, or the motion of a move. */
  readonly trail: PointerEvent[];
  /** Set when it turned out to be part of another action, which then owns its events. */
  absorbed: boolean;
  /** Presses may still join it. */
  open: boolean;
  /** The click that this press would make a double or triple one. */
  follows?: Draft;
  button?: MouseButton;
  modifiers: readonly string[];
  x?: number;
  y?: number;
  text?: string;
  keys?: readonly string[];
  dx?: number;
  dy?: number;
  count?: number;
}

export function newDraft(kind: ActionKind, startedAt: number, own: InputEvent[]): Draft {
  return {
    kind,
    startedAt,
    endedAt: startedAt,
    own,
    trail: [],
    absorbed: false,
    open: false,
    modifiers: [],
  };
}

export function* ownedEvents(draft: Draft): Generator<InputEvent> {
  yield* draft.own;
  yield* draft.trail;
}

export function toAction(draft: Draft): Action {
  const { kind, button, modifiers, text, keys, count } = draft;
  return {
    kind,
    ...(button === undefined ? {} : { button }),
    ...(modifiers.length === 0 ? {} : { modifiers }),
    ...(draft.x === undefined || draft.y === undefined ? {} : { x: draft.x, y: draft.y }),
    ...(kind === 'drag' || kind === 'move' ? { path: draft.trail.map(pathPoint) } : {}),
    ...(text === undefined ? {} : { text }),
    ...(keys === undefined ? {} : { keys }),
    ...(draft.dx === undefined ? {} : { dx: steps(draft.dx) }),
    ...(draft.dy === undefined ? {} : { dy: steps(draft.dy) }),
    ...(count === undefined ? {} : { count }),
    startedAt: draft.startedAt,
    endedAt: draft.endedAt,
    events: range(draft),
  };
}

function pathPoint(event: PointerEvent): PathPoint {
  return [event.x, event.y, event.at];
}

/** Sums of fractional steps keep six digits, so that 0.1 + 0.2 is 0.3. */
function steps(sum: number): number {
  return Math.round(sum * 1e6) / 1e6 + 0;
}

function range(draft: Draft): [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const events of [draft.own, draft.trail]) {
    for (const event of events) {
      if (event.index < from) from = event.index;
      if (event.index > to) to = event.index;
    }
  }
  return [from, to];
}
