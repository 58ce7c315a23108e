// What may be said about a release without its content.
import type { ReleaseFacts } from '@handrail/core/wire';
import { nothingInstead } from './check.ts';

export function releaseLine({
  id,
  state,
  rows,
  trajectories,
  recipe,
  ...rest
}: ReleaseFacts): string {
  const size = rows === undefined ? '' : `, ${rows} rows of ${trajectories ?? 0} trajectories`;
  const standing = state === 'superseded' ? 'SUPERSEDED, must not be used' : state;
  return `${id} ${standing}${size}, for ${recipe.purpose}${afterwards(rest)}`;
}

function afterwards({
  supersedes,
  supersededBy,
  notReissued,
}: Pick<ReleaseFacts, 'supersedes' | 'supersededBy' | 'notReissued'>): string {
  if (supersededBy !== undefined) return `; use ${supersededBy} instead`;
  if (notReissued !== undefined) return `. ${nothingInstead[notReissued]}`;
  return supersedes === undefined ? '' : `; takes the place of ${supersedes}`;
}
