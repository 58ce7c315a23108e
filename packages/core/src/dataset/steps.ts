// Actions of one span, each with the moment it began at and the frame from before it.
import { type Action, reduce } from '../action/index.ts';
import { inputsOf, isInput, secondsFrom } from './input.ts';
import { type Pairing, pairFrames } from './pair.ts';
import type { Moment, TimedFrame } from './timeline.ts';
import { actionsPerTrajectoryMax, frameBytesPerTrajectoryMax } from './trajectory.ts';

export interface Step {
  readonly action: Action;
  readonly start: Moment;
  readonly pairing: Pairing<TimedFrame> | undefined;
}

export function stepsOf(
  moments: readonly Moment[],
  frames: readonly TimedFrame[],
  originMs: number,
): Step[] {
  const actions = reduce(inputsOf(moments, originMs));
  const started = startsOf(actions, moments, originMs);
  const pairs = pairFrames(
    started.map(({ start }) => ({ startedAtMs: start.atMs, displayEpoch: start.displayEpoch })),
    frames,
  );
  return started.map((step, at) => ({ ...step, pairing: pairs[at] }));
}

/** The moment at which each action began; motion that only led to it lies before. */
function startsOf(
  actions: readonly Action[],
  moments: readonly Moment[],
  originMs: number,
): { readonly action: Action; readonly start: Moment }[] {
  const inputs = moments.filter(isInput);
  return actions.flatMap((action) => {
    const [from, to] = action.events;
    const first = firstAt(inputs, originMs, action.startedAt);
    for (let at = first; at < inputs.length; at++) {
      const moment = inputs[at];
      if (moment === undefined || moment.number < from || moment.number > to) continue;
      return { action, start: moment };
    }
    return [];
  });
}

function firstAt(inputs: readonly Moment[], originMs: number, startedAt: number): number {
  let low = 0;
  let high = inputs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = inputs[middle]?.atMs ?? Number.POSITIVE_INFINITY;
    if (secondsFrom(originMs, at) < startedAt) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Parts within the limits of a trajectory, at the borders of actions. */
export function cutSteps(steps: readonly Step[]): Step[][] {
  const parts: Step[][] = [];
  let part: Step[] = [];
  let seen = new Set<string>();
  let bytes = 0;
  for (const step of steps) {
    const frame = step.pairing?.frame;
    const more = frame === undefined || seen.has(frame.id) ? 0 : frame.image.length;
    const full = part.length >= actionsPerTrajectoryMax;
    if (part.length > 0 && (full || bytes + more > frameBytesPerTrajectoryMax)) {
      parts.push(part);
      part = [];
      seen = new Set();
      bytes = 0;
    }
    part.push(step);
    if (frame === undefined || seen.has(frame.id)) continue;
    seen.add(frame.id);
    bytes += frame.image.length;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
