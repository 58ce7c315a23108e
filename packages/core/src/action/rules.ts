// The thresholds of the reducer, in one place. Whoever changes one raises `reducerVersion`.

/** Version of the rules: the same version gives the same actions for the same events. */
export const reducerVersion = 1;

/** Presses of a multi-click come at most this long after the first press, ... */
export const multiClickSecondsMax = 0.5;
/** ... closer to it than this, ... */
export const multiClickBelowPx = 5;
/** ... and are at most this many. */
export const multiClickMax = 3;
/** A press that moves this far is a drag. */
export const dragFromPx = 8;
/** A press held this long without a drag is a long press. */
export const longPressFromSeconds = 1;
/** Scroll steps this far apart are two scrolls. */
export const scrollGapSeconds = 0.5;
/** Key presses this far apart are two typed runs. */
export const typingGapSeconds = 2;
/** Motion this long before an action did not lead to it. */
export const motionGapSeconds = 2;
/** A modifier that nothing used for this long was released unseen. */
export const modifierIdleSecondsMax = 10;

/** Seconds from `from` to `to`, to the microsecond: 1.1 - 0.6 must not exceed 0.5. */
export function elapsed(from: number, to: number): number {
  return Math.round((to - from) * 1e6) / 1e6;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Square of the distance in pixels. */
export function distanceSquared(a: Point, b: Point): number {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
}
