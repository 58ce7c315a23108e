// What a recipe takes: whole trajectories in the order of their ids, minimised to the recipe's
// contexts, and nothing at all unless enough participants stand behind it.
import { HandrailError } from '../errors/index.ts';
import type { Box } from '../events/index.ts';
import type { CaptureContext, Recipe } from '../statement/index.ts';
import type { Trajectory, TrajectoryFrame } from './trajectory.ts';

/** True when the recipe names this context; an app without an origin names all of its origins. */
export function recipeTakes(
  recipe: Recipe,
  context: { readonly app: string; readonly origin?: string | undefined },
): boolean {
  return recipe.contexts.some(({ app, origin }) => {
    return app === context.app && (origin === undefined || origin === context.origin);
  });
}

/** A frame that shows more than the recipe names, and where. */
export interface Outside {
  readonly frame: string;
  readonly boxes: readonly Box[];
}

/** The same frame with those boxes filled; its id is the digest of the new image. */
export interface FilledFrame {
  readonly id: string;
  readonly image: Uint8Array;
}

/** Which frames must be filled where, before `minimise` gives them on. */
export function outsideAreas(trajectory: Trajectory, recipe: Recipe): Outside[] {
  const isKept = trajectory.contexts.map((context) => recipeTakes(recipe, context));
  return trajectory.frames.flatMap(({ id, areas }) => {
    const boxes = areas.flatMap(({ context, box }) => (isKept[context] ? [] : [box]));
    return boxes.length === 0 ? [] : [{ frame: id, boxes }];
  });
}

/**
 * Without what the recipe does not name: actions of other contexts, other windows in frames,
 * accounts, gaps. Throws `redaction.failed` for a frame of `outsideAreas` that is not in `filled`.
 */
export function minimise(
  trajectory: Trajectory,
  recipe: Recipe,
  filled: ReadonlyMap<string, FilledFrame>,
): Trajectory {
  const kept = trajectory.contexts.flatMap((context, at) => {
    return recipeTakes(recipe, context) ? [at] : [];
  });
  const number = new Map(kept.map((from, to) => [from, to]));
  const actions = trajectory.actions.flatMap((action) => {
    const context = action.context === null ? undefined : number.get(action.context);
    return context === undefined ? [] : [{ ...action, context }];
  });
  const used = new Set(actions.map((action) => action.frame));
  const epochs = new Set(actions.map((action) => action.displayEpoch));
  const toFill = new Set(outsideAreas(trajectory, recipe).map(({ frame }) => frame));
  const frames = trajectory.frames.flatMap((frame): TrajectoryFrame[] => {
    if (!used.has(frame.id)) return [];
    const areas = frame.areas.flatMap(({ context, box }) => {
      const to = number.get(context);
      return to === undefined ? [] : [{ context: to, box }];
    });
    if (!toFill.has(frame.id)) return [{ ...frame, areas }];
    return [{ ...frame, areas, ...requireFilled(filled, frame.id) }];
  });
  return {
    ...trajectory,
    contexts: kept.flatMap((at) => withoutAccount(trajectory.contexts[at])),
    actions: actions.map((action) => {
      return { ...action, frame: action.frame && (filled.get(action.frame)?.id ?? action.frame) };
    }),
    displays: trajectory.displays.filter(({ epoch }) => epochs.has(epoch)),
    frames: [...new Map(frames.map((frame) => [frame.id, frame])).values()],
    gaps: [],
  };
}

function requireFilled(filled: ReadonlyMap<string, FilledFrame>, id: string): FilledFrame {
  const frame = filled.get(id);
  if (frame !== undefined) return { id: frame.id, image: frame.image };
  throw new HandrailError(
    'redaction.failed',
    'A frame shows windows that the recipe does not name.',
  );
}

/** Whose account it was does not concern those who train. */
function withoutAccount(context: CaptureContext | undefined): CaptureContext[] {
  if (context === undefined) return [];
  const { account: _, ...rest } = context;
  return [rest];
}

export interface Candidate {
  readonly id: string;
  /** Actions left after `minimise`. */
  readonly actions: number;
  /** Opaque; equal for one participant. */
  readonly participant: string;
}

export type Selection =
  | { readonly kind: 'selected'; readonly ids: readonly string[]; readonly participants: number }
  | { readonly kind: 'refused'; readonly reason: 'too-few-participants' | 'nothing-selected' };

/**
 * In the order of ids, each candidate that has actions and still fits into `actionsMax`. Selecting
 * again from what was selected gives the same.
 */
export function select(candidates: readonly Candidate[], actionsMax: number, k: number): Selection {
  const ids: string[] = [];
  const participants = new Set<string>();
  let left = actionsMax;
  for (const { id, actions, participant } of [...candidates].sort(byId)) {
    if (actions === 0 || actions > left) continue;
    left -= actions;
    ids.push(id);
    participants.add(participant);
  }
  if (ids.length === 0) return { kind: 'refused', reason: 'nothing-selected' };
  if (participants.size < k) return { kind: 'refused', reason: 'too-few-participants' };
  return { kind: 'selected', ids, participants: participants.size };
}

/** Orders by code units, as every machine does alike. */
export function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/**
 * How a number of people, or of what they gave, is told to anybody: rounded down to a multiple of
 * k, so that two numbers that one person makes different mostly read alike, and fewer than k as 0.
 */
export function inStepsOf(k: number, count: number): number {
  return count - (count % k);
}
