// Buttons and motion: a press becomes a click, a long press or a drag when it ends, and joins the
// clicks before it. Motion belongs to the oldest held button, or else to what it leads to.
import { begin, type Desk, flushMotion, takeMotion } from './desk.ts';
import { type Draft, newDraft } from './draft.ts';
import type { ButtonEvent, MoveEvent } from './event.ts';
import { heldModifiers, useModifiers } from './modifiers.ts';
import {
  distanceSquared,
  dragFromPx,
  elapsed,
  longPressFromSeconds,
  motionGapSeconds,
  multiClickBelowPx,
  multiClickMax,
  multiClickSecondsMax,
} from './rules.ts';

export function readMove(desk: Desk, event: MoveEvent): void {
  if (desk.gestures.size > 0) {
    desk.gestures.values().next().value?.trail.push(event);
    return;
  }
  const last = desk.motion.at(-1);
  if (last !== undefined && elapsed(last.at, event.at) >= motionGapSeconds) flushMotion(desk);
  desk.motion.push(event);
}

export function readButton(desk: Desk, event: ButtonEvent): void {
  const held = desk.gestures.get(event.button);
  if (!event.down) {
    if (held === undefined) return;
    held.trail.push(event);
    endGesture(desk, held);
    return;
  }
  if (held !== undefined) cutShort(desk, held);
  press(desk, event);
}

/** Ends every press whose release the log does not have. */
export function dropGestures(desk: Desk): void {
  for (const gesture of [...desk.gestures.values()]) endGesture(desk, gesture);
}

function press(desk: Desk, event: ButtonEvent): void {
  const modifiers = heldModifiers(desk, event.at);
  const before = desk.current;
  const led = takeMotion(desk, event.at);
  const draft = newDraft('click', event.at, led);
  draft.trail.push(event);
  draft.button = event.button;
  draft.modifiers = modifiers;
  draft.x = event.x;
  draft.y = event.y;
  draft.count = 1;
  if (before !== undefined && joins(before, draft)) {
    draft.count += before.count ?? 1;
    draft.follows = before;
  }
  desk.gestures.set(event.button, begin(desk, draft));
  useModifiers(desk, draft, event.at);
}

function joins(before: Draft, draft: Draft): boolean {
  const from = { x: before.x ?? 0, y: before.y ?? 0 };
  const to = { x: draft.x ?? 0, y: draft.y ?? 0 };
  return (
    before.kind === 'click' &&
    before.open &&
    before.button === draft.button &&
    (before.count ?? 1) < multiClickMax &&
    elapsed(before.startedAt, draft.startedAt) <= multiClickSecondsMax &&
    distanceSquared(from, to) < multiClickBelowPx ** 2 &&
    before.modifiers.join() === draft.modifiers.join()
  );
}

function endGesture(desk: Desk, draft: Draft): void {
  if (draft.button !== undefined) desk.gestures.delete(draft.button);
  draft.endedAt = Math.max(draft.endedAt, draft.trail.at(-1)?.at ?? draft.endedAt);
  draft.open = true;
  if (wentFar(draft)) draft.kind = 'drag';
  else if (elapsed(draft.startedAt, draft.endedAt) >= longPressFromSeconds) {
    draft.kind = 'long_press';
  } else if (draft.follows !== undefined) joinClicks(desk, draft, draft.follows);
}

function wentFar(draft: Draft): boolean {
  const from = { x: draft.x ?? 0, y: draft.y ?? 0 };
  return draft.trail.some((point) => distanceSquared(from, point) >= dragFromPx ** 2);
}

/** The click before takes this one in, unless something else was begun while it was held. */
function joinClicks(desk: Desk, draft: Draft, before: Draft): void {
  if (desk.current !== draft) {
    draft.count = 1;
    return;
  }
  for (const event of draft.own) before.own.push(event);
  for (const event of draft.trail) before.own.push(event);
  for (const modifier of desk.modifiers.values()) {
    if (modifier.user === draft) modifier.user = before;
  }
  before.count = draft.count ?? 1;
  before.endedAt = Math.max(before.endedAt, draft.endedAt);
  draft.absorbed = true;
  desk.current = before;
}

/**
 * The button went down again, so its release was lost. Nobody saw where the first press ended: it
 * is taken for a click, and the motion after it leads to the second.
 */
function cutShort(desk: Desk, draft: Draft): void {
  for (const event of draft.trail.splice(1)) if (event.kind === 'move') desk.motion.push(event);
  endGesture(desk, draft);
}
