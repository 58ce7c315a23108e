// A grant in words, complete, for whoever signs it.
import type { Grant } from '@handrail/core/statement';

export function grantLines(grant: Grant): readonly string[] {
  return [
    `Grant ${grant.id}`,
    `  holder:    ${grant.holder}`,
    `  reads at:  ${grant.readingKey}`,
    `  exports:   ${grant.recipient}`,
    `  purpose:   ${grant.purpose}`,
    `  tier:      ${grant.tier}, at most ${grant.objectsMax} objects and ${grant.bytesMax} bytes`,
    `  time:      ${grant.hours} h from approval`,
    `  asked for: ${scopeWords(grant)}`,
    `  reason:    ${JSON.stringify(grant.reason)}`,
  ];
}

export function scopeWords({ scope }: Pick<Grant, 'scope'>): string {
  if ('trajectories' in scope) return `${scope.trajectories.length} trajectories`;
  const contexts = scope.recipe.contexts.map(({ app, origin }) => origin ?? app);
  return `a release of at most ${scope.recipe.actionsMax} actions from ${contexts.join(', ')}`;
}
