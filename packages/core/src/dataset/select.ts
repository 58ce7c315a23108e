// What a recipe takes: whole trajectories in the order of their ids, minimised to the recipe's
// contexts, and nothing at all unless enough participants stand behind it.
import type { CaptureContext, Recipe } from '../statement/index.ts';
import type { Trajectory } from './trajectory.ts';

/** True when the recipe names this context; an app without an origin names all of its origins. */
export function recipeTakes(
  recipe: Recipe,
  context: { readonly app: string; readonly origin?: string | undefined },
): boolean {
  return recipe.contexts.some(({ app, origin }) => {
    return app === context.app && (origin === undefined || origin === context.origin);
  });
}

/** Without what the recipe does not name: actions and frames of other contexts, accounts, gaps. */
export function minimise(trajectory: Trajectory, recipe: Recipe): Trajectory {
  const kept = trajectory.contexts.flatMap((context, at) => {
    return recipeTakes(recipe, context) ? [at] : [];
  });
  const number = new Map(kept.map((from, to) => [from, to]));
  const framesKept = new Set(
    trajectory.frames.filter(({ context }) => number.has(context)).map(({ id }) => id),
  );
  const actions = trajectory.actions.flatMap((action) => {
    const context = action.context === null ? undefined : number.get(action.context);
    if (context === undefined) return [];
    if (action.frame === null || framesKept.has(action.frame)) return { ...action, context };
    return { ...action, context, frame: null, frameAgeMs: null, damagePending: false };
  });
  const used = new Set(actions.map((action) => action.frame));
  const epochs = new Set(actions.map((action) => action.displayEpoch));
  return {
    ...trajectory,
    contexts: kept.flatMap((at) => withoutAccount(trajectory.contexts[at])),
    actions,
    displays: trajectory.displays.filter(({ epoch }) => epochs.has(epoch)),
    frames: trajectory.frames.flatMap((frame) => {
      const context = number.get(frame.context);
      return context === undefined || !used.has(frame.id) ? [] : { ...frame, context };
    }),
    gaps: [],
  };
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
