// The reducer: raw input in, actions out. Pure and deterministic, one pass, and no event is counted
// in two actions.
import type { Action } from './action.ts';
import { type Desk, flushMotion, newDesk } from './desk.ts';
import { type Draft, ownedEvents, toAction } from './draft.ts';
import type { BoundaryEvent, InputEvent } from './event.ts';
import { dropModifiers } from './modifiers.ts';
import { dropGestures, readButton, readMove } from './pointer.ts';
import { readScroll } from './scroll.ts';
import { readKey, readRun } from './typing.ts';

/** An action with the events it stands for, in the order of the log. */
export interface TracedAction {
  readonly action: Action;
  readonly events: readonly InputEvent[];
}

/**
 * Actions in the order in which they started. Every event is in exactly one of them, except:
 * boundaries, scrolls of no step, and releases whose press the log does not have.
 */
export function reduce(events: Iterable<InputEvent>): Action[] {
  return draftsOf(events).map(toAction);
}

/** As `reduce`, with the events of each action: more memory, full provenance. */
export function reduceTraced(events: Iterable<InputEvent>): TracedAction[] {
  return draftsOf(events).map((draft) => ({
    action: toAction(draft),
    events: [...ownedEvents(draft)].sort((a, b) => a.index - b.index),
  }));
}

function draftsOf(events: Iterable<InputEvent>): Draft[] {
  const desk = newDesk();
  for (const event of events) read(desk, event);
  interrupt(desk);
  return desk.drafts.filter((draft) => !draft.absorbed).sort((a, b) => a.startedAt - b.startedAt);
}

function read(desk: Desk, event: InputEvent): void {
  if (event.kind === 'move') readMove(desk, event);
  else if (event.kind === 'button') readButton(desk, event);
  else if (event.kind === 'scroll') readScroll(desk, event);
  else if (event.kind === 'key') readKey(desk, event);
  else if (event.kind === 'run') readRun(desk, event);
  else readBoundary(desk, event);
}

/** Focus and window end a run; after a gap or another display layout nothing goes on. */
function readBoundary(desk: Desk, event: BoundaryEvent): void {
  if (event.kind === 'gap' || event.kind === 'display') interrupt(desk);
  else if (desk.current?.kind === 'type') desk.current = undefined;
}

function interrupt(desk: Desk): void {
  dropGestures(desk);
  dropModifiers(desk);
  flushMotion(desk);
  desk.keys.clear();
  desk.current = undefined;
}
