// Steps of one direction in quick succession are one scroll. A change of direction, of modifiers or
// a pause begins another, so that three down and three up never cancel out.
import { begin, type Desk, joinMotion, takeMotion } from './desk.ts';
import { type Draft, newDraft } from './draft.ts';
import type { ScrollEvent } from './event.ts';
import { heldModifiers, useModifiers } from './modifiers.ts';
import { elapsed, scrollGapSeconds } from './rules.ts';

export function readScroll(desk: Desk, event: ScrollEvent): void {
  if (event.dx === 0 && event.dy === 0) return;
  const modifiers = heldModifiers(desk, event.at);
  const { current } = desk;
  const draft =
    current?.kind === 'scroll' && continues(desk, current, event, modifiers)
      ? current
      : beginScroll(desk, event, modifiers);
  joinMotion(desk, draft, event.at);
  draft.own.push(event);
  draft.dx = (draft.dx ?? 0) + event.dx;
  draft.dy = (draft.dy ?? 0) + event.dy;
  draft.endedAt = Math.max(draft.endedAt, event.at);
  desk.stepAt = event.at;
  useModifiers(desk, draft, event.at);
}

function continues(
  desk: Desk,
  draft: Draft,
  event: ScrollEvent,
  modifiers: readonly string[],
): boolean {
  return (
    elapsed(desk.stepAt, event.at) < scrollGapSeconds &&
    Math.sign(draft.dx ?? 0) === Math.sign(event.dx) &&
    Math.sign(draft.dy ?? 0) === Math.sign(event.dy) &&
    draft.modifiers.join() === modifiers.join()
  );
}

function beginScroll(desk: Desk, event: ScrollEvent, modifiers: readonly string[]): Draft {
  const led = takeMotion(desk, event.at);
  const draft = begin(desk, newDraft('scroll', event.at, led));
  draft.modifiers = modifiers;
  draft.x = event.x;
  draft.y = event.y;
  return draft;
}
