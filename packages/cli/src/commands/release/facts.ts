// What may be said about a release without its content.
import type { ReleaseFacts } from '@handrail/core/wire';

export function releaseLine({ id, state, rows, trajectories, recipe }: ReleaseFacts): string {
  const size = rows === undefined ? '' : `, ${rows} rows of ${trajectories ?? 0} trajectories`;
  return `${id} ${state}${size}, for ${recipe.purpose}`;
}
