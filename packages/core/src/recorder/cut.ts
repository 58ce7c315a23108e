// When a segment ends. It closes where nothing is held open, so that what comes before it can be
// refined by itself; a full segment ends anywhere.
import type { Draft } from './draft.ts';

/** Nothing happened for this long: the reducer gives the same actions on both sides. */
export const quietMs = 2000;
const quietAgeMs = 20_000;
/** The vault refines at most 64 segments together. */
export const openSegmentsMax = 60;

export interface CutScene {
  readonly nowMs: number;
  /** A button is down or a run may still grow. */
  readonly isHeld: boolean;
  readonly inTask: boolean;
  /** Segments since the last closing one. */
  readonly openSegments: number;
}

export type Cut = 'none' | 'closing' | 'open';

export function cutOf(draft: Draft, scene: CutScene): Cut {
  const { nowMs, isHeld, inTask, openSegments } = scene;
  const isQuiet = !isHeld && nowMs - draft.lastMs >= quietMs;
  const mayClose = isQuiet && !inTask;
  if (draft.isFull(nowMs))
    return mayClose || openSegments + 1 >= openSegmentsMax ? 'closing' : 'open';
  return mayClose && nowMs - draft.openedAtMs >= quietAgeMs ? 'closing' : 'none';
}
