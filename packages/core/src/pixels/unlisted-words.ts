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

export interface UnlistedWord {
  readonly box: Box;
  /** The area of its context, and those that lie over it. */
  readonly within: Box;
  readonly above: readonly Box[];
}

/**
 * Words in `areas`, which are listed from top to bottom, that `ruleOf` does not let stand, but for
 * those that lie under `filled`.
 */
export function unlistedWords(
  words: readonly ReadWord[],
  areas: readonly ContextArea[],
  filled: readonly Box[],
  ruleOf: RuleOf,
): UnlistedWord[] {
  return areas.flatMap(({ context, box: within }, nth) => {
    const rule = ruleOf(context);
    if (rule.mode !== 'vocabulary') return [];
    const inside = words.filter(({ box }) => {
      return centreIn(box, within) && !filled.some((mask) => centreIn(box, mask));
    });
    const texts = inside.map(({ text }) => text);
    const above = areas.slice(0, nth).map(({ box }) => box);
    return disallowedWords(texts, rule).flatMap((at) => {
      const word = inside[at];
      return word ? [{ box: word.box, within, above }] : [];
    });
  });
}
