// Pairs each action with the newest frame that was complete before it began, never a later one. The
// device keeps settled frames, and one that was still changing only where nothing had settled.

export interface FrameTime {
  /** When the pixels were complete, ms. */
  readonly atMs: number;
  readonly displayEpoch: number;
  readonly damagePending: boolean;
}

export interface ActionStart {
  readonly startedAtMs: number;
  /** Null: no layout was known; such an action has no frame. */
  readonly displayEpoch: number | null;
}

export interface Pairing<F extends FrameTime> {
  readonly frame: F;
  /** At least 1. */
  readonly ageMs: number;
}

/**
 * For each action its frame, of the same display epoch; undefined where none is earlier. Of frames
 * complete in the same millisecond a settled one wins, then the later in `frames`.
 */
export function pairFrames<F extends FrameTime>(
  actions: readonly ActionStart[],
  frames: readonly F[],
): (Pairing<F> | undefined)[] {
  const byEpoch = new Map<number, F[]>();
  for (const frame of frames) {
    const same = byEpoch.get(frame.displayEpoch);
    if (same === undefined) byEpoch.set(frame.displayEpoch, [frame]);
    else same.push(frame);
  }
  for (const same of byEpoch.values()) same.sort(byTime);
  return actions.map(({ startedAtMs, displayEpoch }) => {
    if (displayEpoch === null) return undefined;
    const frame = newestBefore(byEpoch.get(displayEpoch) ?? [], startedAtMs);
    return frame === undefined ? undefined : { frame, ageMs: startedAtMs - frame.atMs };
  });
}

function byTime(a: FrameTime, b: FrameTime): number {
  return a.atMs - b.atMs || Number(b.damagePending) - Number(a.damagePending);
}

function newestBefore<F extends FrameTime>(sorted: readonly F[], atMs: number): F | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.atMs ?? atMs) < atMs) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
