// Segments in, trajectories out: one per task or stretch of activity, with every action's frame,
// context and place in the segments. Pure: the same segments give the same trajectories.
import { reducerVersion } from '../action/index.ts';
import { canonicalBytes } from '../canonical-json/index.ts';
import { idOf } from '../ids/index.ts';
import { secondsFrom } from './input.ts';
import { type Span, spansOf } from './spans.ts';
import { cutSteps, type Step, stepsOf } from './steps.ts';
import {
  type Moment,
  type OpenedSegment,
  type TimedFrame,
  type Timeline,
  timelineOf,
} from './timeline.ts';
import type { Gap, Trajectory, TrajectoryAction } from './trajectory.ts';

export interface Provenance {
  readonly pseudonym: string;
  readonly display: Trajectory['display'];
}

/**
 * Consecutive segments of one session, in any order. Spans without an action give nothing, and
 * neither do those outside of tasks in which the pointer only moved.
 */
export function assemble(segments: readonly OpenedSegment[], from: Provenance): Trajectory[] {
  const timeline = timelineOf(segments);
  return spansOf(timeline.moments).flatMap((span) => trajectoriesOf(span, timeline, from));
}

function trajectoriesOf(span: Span, timeline: Timeline, from: Provenance): Trajectory[] {
  const originMs = span.moments[0]?.atMs ?? 0;
  const trajectories = cutSteps(stepsOf(span.moments, timeline.frames, originMs)).map((part, at) =>
    toTrajectory(part, at, span, originMs, timeline, from),
  );
  return trajectories.filter(({ instruction, actions }) => {
    return instruction !== '' || actions.some(({ kind }) => kind !== 'move');
  });
}

function toTrajectory(
  steps: readonly Step[],
  part: number,
  span: Span,
  originMs: number,
  timeline: Timeline,
  from: Provenance,
): Trajectory {
  const frames = framesOf(steps);
  const contexts = usedContexts(steps, frames);
  const number = new Map(contexts.map((context, at) => [context, at]));
  const segments = usedSegments(steps, timeline);
  const firstEvent = part === 0 ? span.moments[0]?.number : steps[0]?.action.events[0];
  const epochs = new Set(steps.map((step) => step.start.displayEpoch));
  const named = { segments: segments.map(({ id }) => id), firstEvent };
  const last = Math.max(...steps.map(({ action }) => action.endedAt));
  return {
    v: 1,
    id: idOf('traj', canonicalBytes(named)),
    pseudonym: from.pseudonym,
    instruction: span.instruction,
    contexts: contexts.flatMap((context) => timeline.contexts[context] ?? []),
    display: from.display,
    displays: timeline.displays.filter(({ epoch }) => epochs.has(epoch)),
    actions: steps.map((step) => toAction(step, number)),
    gaps: gapsOf(span, originMs),
    segments,
    frames: frames.map(({ id, width, height, filled, image, areas }) => {
      const shown = areas.map(({ context, box }) => ({ context: number.get(context) ?? 0, box }));
      return { id, width, height, filled, image, areas: shown };
    }),
    startedAtMs: originMs,
    endedAtMs: Math.max(originMs + Math.round(last * 1000), span.moments.at(-1)?.atMs ?? 0),
    reducer: reducerVersion,
  };
}

function toAction(step: Step, contexts: ReadonlyMap<number, number>): TrajectoryAction {
  const { action, start, pairing } = step;
  const { modifiers, path, keys, events, ...rest } = action;
  const held = modifiers ?? heldAt(start);
  return {
    ...rest,
    ...(held.length === 0 ? {} : { modifiers: [...held] }),
    ...(path === undefined ? {} : { path: path.map(([x, y, t]) => [x, y, t]) }),
    ...(keys === undefined ? {} : { keys: [...keys] }),
    events: [...events],
    frame: pairing?.frame.id ?? null,
    frameAgeMs: pairing?.ageMs ?? null,
    damagePending: pairing?.frame.damagePending ?? false,
    displayEpoch: start.displayEpoch,
    context: start.context === null ? null : (contexts.get(start.context) ?? null),
  };
}

/** The device says which modifiers were down; their own keys may lie before the segments. */
function heldAt({ event }: Moment): readonly string[] {
  return event.kind === 'button' || event.kind === 'scroll' ? event.modifiers : [];
}

function framesOf(steps: readonly Step[]): TimedFrame[] {
  const frames = new Map<string, TimedFrame>();
  for (const { pairing } of steps) {
    if (pairing !== undefined && !frames.has(pairing.frame.id)) {
      frames.set(pairing.frame.id, pairing.frame);
    }
  }
  return [...frames.values()];
}

function usedContexts(steps: readonly Step[], frames: readonly TimedFrame[]): number[] {
  const used = new Set<number>();
  for (const { start } of steps) if (start.context !== null) used.add(start.context);
  for (const { areas } of frames) for (const { context } of areas) used.add(context);
  return [...used].sort((a, b) => a - b);
}

function usedSegments(steps: readonly Step[], timeline: Timeline): Trajectory['segments'] {
  const ranges = steps.map(({ action }) => action.events);
  const from = ranges.reduce((least, [first]) => Math.min(least, first), Number.MAX_SAFE_INTEGER);
  const to = ranges.reduce((most, [, last]) => Math.max(most, last), 0);
  return timeline.segments.filter(({ firstEvent, events }) => {
    return firstEvent <= to && firstEvent + events > from;
  });
}

function gapsOf({ moments }: Span, originMs: number): Gap[] {
  const gaps: Gap[] = [];
  let beforeMs = originMs;
  for (const { event, atMs, baseMs, afterMissing } of moments) {
    const from = secondsFrom(originMs, atMs);
    if (afterMissing)
      gaps.push({ reason: 'missing', from: secondsFrom(originMs, beforeMs), to: from });
    if (event.kind === 'gap') {
      const to = secondsFrom(originMs, baseMs + event.endedAtMs);
      gaps.push({ reason: event.reason, from, to: Math.max(from, to) });
    }
    beforeMs = atMs;
  }
  return gaps;
}
