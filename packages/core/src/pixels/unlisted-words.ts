// What a frame shows in words that its context does not list: where the mode is `vocabulary`, a
// device draws lines of other words, and what is read there all the same is filled.
import type { Box } from '../events/index.ts';
import { disallowedWords, type RuleOf } from '../redact/index.ts';
import { centreIn } from './boxes.ts';
import type { ReadWord } from './word.ts';

export interface ContextArea {
  /** Number of the context that is shown there. */
  readonly context: number;
  readonly box: Box;
}

/** Words in `areas` that `ruleOf` does not let stand, but for those that lie under `filled`. */
export function unlistedWords(
  words: readonly ReadWord[],
  areas: readonly ContextArea[],
  filled: readonly Box[],
  ruleOf: RuleOf,
): ReadWord[] {
  return areas.flatMap(({ context, box: area }) => {
    const rule = ruleOf(context);
    if (rule.mode !== 'vocabulary') return [];
    const inside = words.filter(({ box }) => {
      return centreIn(box, area) && !filled.some((mask) => centreIn(box, mask));
    });
    const texts = inside.map(({ text }) => text);
    return disallowedWords(texts, rule).flatMap((at) => inside[at] ?? []);
  });
}
