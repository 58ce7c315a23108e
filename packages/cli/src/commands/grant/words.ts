// What a grant is for, in a few words, where several are listed.
import type { Grant } from '@handrail/core/statement';

export function scopeWords({ scope }: Pick<Grant, 'scope'>): string {
  if ('trajectories' in scope) return `${scope.trajectories.length} trajectories`;
  if ('segments' in scope) return `${scope.segments.length} segments as they were recorded`;
  const contexts = scope.recipe.contexts.map(({ app, origin }) => origin ?? app);
  return `a release of at most ${scope.recipe.actionsMax} actions from ${contexts.join(', ')}`;
}
