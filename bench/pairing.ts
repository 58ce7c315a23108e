// Every action of a recorded person has a frame, and the frame's pixels were complete before the
// action began: recorded, sealed, handed in, opened and assembled for real.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type TrajectoryAction } from '@handrail/core/dataset';
import { recordWork } from './desktop/work.ts';
import type { BenchResult } from './runner/bench.ts';

export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'pairing-'));
  try {
    await using organisation = await recordWork(folder, (_, work) => work());
    const segments = await organisation.openAll();
    const { pseudonym } = await organisation.home.device();
    const trajectories = assemble(segments, { pseudonym, display: 'virtual' });
    const actions = trajectories.flatMap((trajectory) => trajectory.actions);
    return { name: 'pairing', figures: figuresOf(actions, segments.length) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function figuresOf(actions: readonly TrajectoryAction[], segments: number) {
  const acting = actions.filter(({ kind }) => kind !== 'move');
  const ages = actions.flatMap(({ frameAgeMs }) => (frameAgeMs === null ? [] : [frameAgeMs]));
  ages.sort((a, b) => a - b);
  const at = (part: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * part))] ?? 0;
  return {
    segments,
    actions: actions.length,
    actionsWithoutMoves: acting.length,
    pairedBeforePercent: share(actions, precedes),
    pairedBeforeWithoutMovesPercent: share(acting, precedes),
    damagePendingPercent: share(actions, ({ damagePending }) => damagePending),
    frameAgeMedianMs: at(0.5),
    frameAge90thPercentileMs: at(0.9),
    frameAgeMaxMs: ages.at(-1) ?? 0,
  };
}

/** The age is counted from the action's start back to the complete pixels. */
function precedes({ frame, frameAgeMs }: TrajectoryAction): boolean {
  return frame !== null && frameAgeMs !== null && frameAgeMs > 0;
}

function share<T>(all: readonly T[], test: (one: T) => boolean): number {
  return all.length === 0 ? 0 : (all.filter(test).length / all.length) * 100;
}
