// What an approver is asked, in words that follow from the grant alone. The words stand in the
// grant, so the signed bytes hold what was shown, and no program can show something else.
import type { Grant } from './grant.ts';

const namesShownMax = 20;
const rawMeans = 'RECORDINGS AS THE DEVICE SEALED THEM, BEFORE THE VAULT MASKS ANYTHING MORE';

/** The question as every approver gets it, line by line. */
export function grantPrompt(grant: Omit<Grant, 'prompt'>): string {
  const { objectsMax, bytesMax, hours } = grant;
  return [
    `May ${grant.holder} hold ${grant.id}?`,
    `What: ${scopeWords(grant)}`,
    `Tier: ${tierWords(grant)}, at most ${objectsMax} objects and ${bytesMax} bytes`,
    `What for: ${grant.purpose}`,
    `How long: ${hours} h, counted from the approval that completes the quorum`,
    `Read with: ${grant.readingKey}; exports to ${grant.recipient}`,
    `In the holder's words: ${printable(grant.reason)}`,
  ].join('\n');
}

/** `grant` with the question that it puts to its approvers. */
export function withPrompt(grant: Omit<Grant, 'prompt'>): Grant {
  return { ...grant, prompt: grantPrompt(grant) };
}

/** What raw means is said to whoever is asked, not left to a word. */
function tierWords({ tier }: Pick<Grant, 'tier'>): string {
  return tier === 'raw' ? `raw (${rawMeans})` : tier;
}

function scopeWords({ scope }: Pick<Grant, 'scope'>): string {
  if ('trajectories' in scope) {
    return `${scope.trajectories.length} trajectories: ${listed(scope.trajectories)}`;
  }
  if ('segments' in scope) {
    return `${scope.segments.length} recorded segments: ${listed(scope.segments)}`;
  }
  const { recipe, recipeDigest } = scope;
  const contexts = recipe.contexts.map(({ app, origin }) => origin ?? app);
  const where = `at most ${recipe.actionsMax} actions from ${listed(contexts)}`;
  return `a release of ${where} (recipe ${recipeDigest})`;
}

function listed(names: readonly string[]): string {
  const rest = names.length - namesShownMax;
  const shown = names.slice(0, namesShownMax).map(printable).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

/** Line breaks, and letters that turn or hide the text around them, are written out. */
function printable(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (sign) => {
    return `\\u{${sign.codePointAt(0)?.toString(16)}}`;
  });
}
