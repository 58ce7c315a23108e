// One row per action: the columns of actions.parquet, in their order, before any encoding.
import type { Trajectory, TrajectoryAction } from './trajectory.ts';

/** Raised whenever the bytes of an encoding change for the same trajectories. */
export const writerVersion = 1;

export interface ActionRow {
  /** `<trajectory>/<index>`. */
  readonly row_id: string;
  readonly trajectory: string;
  readonly index: number;
  readonly instruction: string;
  readonly kind: TrajectoryAction['kind'];
  readonly button: string | null;
  /** Joined by `+`. */
  readonly modifiers: string | null;
  readonly x: number | null;
  readonly y: number | null;
  /** JSON: `[[x,y,seconds],...]`. */
  readonly path: string | null;
  readonly text: string | null;
  /** Joined by `+`. */
  readonly keys: string | null;
  readonly dx: number | null;
  readonly dy: number | null;
  readonly count: number | null;
  /** Seconds since the trajectory's start. */
  readonly started_at: number;
  readonly ended_at: number;
  readonly events_from: number;
  readonly events_to: number;
  readonly display_width: number | null;
  readonly display_height: number | null;
  readonly frame_id: string | null;
  readonly frame_age_ms: number | null;
  readonly damage_pending: boolean;
  /** WebP, on the first row of the file with this `frame_id` only. */
  readonly frame: Uint8Array | null;
  /** JSON: `[{"id","firstEvent","events"},...]`. */
  readonly segments: string;
  readonly context_app: string | null;
  readonly context_origin: string | null;
}

/** Rows of `trajectories` in order. `seen` holds the frames that earlier rows have brought. */
export function* rowsOf(
  trajectories: Iterable<Trajectory>,
  seen: Set<string> = new Set(),
): Generator<ActionRow> {
  for (const trajectory of trajectories) {
    const images = new Map(trajectory.frames.map(({ id, image }) => [id, image]));
    const segments = JSON.stringify(
      trajectory.segments.map(({ id, firstEvent, events }) => ({ id, firstEvent, events })),
    );
    for (const [index, action] of trajectory.actions.entries()) {
      const first = action.frame !== null && !seen.has(action.frame);
      const frame = first && action.frame !== null ? (images.get(action.frame) ?? null) : null;
      if (action.frame !== null) seen.add(action.frame);
      yield { ...rowOf(trajectory, index, action), segments, frame };
    }
  }
}

function rowOf(
  { id, instruction, displays, contexts }: Trajectory,
  index: number,
  action: TrajectoryAction,
): Omit<ActionRow, 'segments' | 'frame'> {
  const display = displays.find(({ epoch }) => epoch === action.displayEpoch);
  const context = action.context === null ? undefined : contexts[action.context];
  return {
    row_id: `${id}/${index}`,
    trajectory: id,
    index,
    instruction,
    kind: action.kind,
    button: action.button ?? null,
    modifiers: action.modifiers?.join('+') ?? null,
    x: action.x ?? null,
    y: action.y ?? null,
    path: action.path === undefined ? null : JSON.stringify(action.path),
    text: action.text ?? null,
    keys: action.keys?.join('+') ?? null,
    dx: action.dx ?? null,
    dy: action.dy ?? null,
    count: action.count ?? null,
    started_at: action.startedAt,
    ended_at: action.endedAt,
    events_from: action.events[0],
    events_to: action.events[1],
    display_width: display?.width ?? null,
    display_height: display?.height ?? null,
    frame_id: action.frame,
    frame_age_ms: action.frameAgeMs,
    damage_pending: action.damagePending,
    context_app: context?.app ?? null,
    context_origin: context?.origin ?? null,
  };
}
