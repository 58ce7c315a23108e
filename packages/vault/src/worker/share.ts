// One thread's share of a build: opens trajectories, minimises them to the recipe, and refuses to
// go on where a secret is left. What it gives depends on its inputs alone.

import { type FilledFrame, minimise, outsideAreas, type Trajectory } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import type { Recipe } from '@handrail/core/statement';
import { sha256Hex } from './digest.ts';
import { fillBoxes } from './images.ts';
import { openTrajectory } from './open-sealed.ts';
import { hasFindings } from './redact-again.ts';
import type { TrajectoryInput } from './task.ts';

export interface Share {
  readonly recipe: Recipe;
  readonly inputs: readonly TrajectoryInput[];
}

export interface Prepared {
  readonly id: string;
  readonly participant: string;
  /** SHA-256 (hex) of the sealed trajectory. */
  readonly digest: string;
  readonly trajectory: Trajectory;
}

/** Throws `redaction.failed` when a text still holds what a rule finds. */
export async function prepare({ recipe, inputs }: Share): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const { id, bytes, contentKey, participant } of inputs) {
    const whole = await openTrajectory(bytes, contentKey);
    if (whole.id !== id) {
      throw new HandrailError('input.invalid', 'An input is not the trajectory it is named.');
    }
    const trajectory = minimise(whole, recipe, await fillOutside(whole, recipe));
    if (hasFindings(trajectory)) {
      throw new HandrailError('redaction.failed', 'A trajectory still holds something sensitive.');
    }
    prepared.push({ id, participant, digest: sha256Hex(bytes), trajectory });
  }
  return prepared;
}

/** Frames in which windows that the recipe does not name are black. */
async function fillOutside(
  trajectory: Trajectory,
  recipe: Recipe,
): Promise<ReadonlyMap<string, FilledFrame>> {
  const filled = new Map<string, FilledFrame>();
  for (const { frame: id, boxes } of outsideAreas(trajectory, recipe)) {
    const frame = trajectory.frames.find((each) => each.id === id);
    const image = frame && (await fillBoxes(frame.image, frame, boxes));
    if (image) filled.set(id, { id: sha256Hex(image), image });
  }
  return filled;
}
