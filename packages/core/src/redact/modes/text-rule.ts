// How much of a context's text is kept, ready to be applied. A place whose rule is not known has
// the strictest.
import {
  type CaptureContext,
  type CapturedContext,
  governing,
  type ManifestFile,
  type Mode,
  plainWord,
} from '../../statement/index.ts';
import { interfaceWords } from './interface-words.ts';

export type TextRule =
  | { readonly mode: 'full' }
  /** `words` in their plain form; the built-in ones are among them. */
  | { readonly mode: 'vocabulary'; readonly words: ReadonlySet<string> }
  | { readonly mode: 'skeleton' };

export const skeletonRule: TextRule = { mode: 'skeleton' };

/** The rule of each context of a signed manifest, by its number; of no context, the strictest. */
export type RuleOf = (context: number | null | undefined) => TextRule;

const builtIn: ReadonlySet<string> = new Set(interfaceWords);

export function textRule({ mode, words = [] }: CaptureContext): TextRule {
  if (mode !== 'vocabulary') return { mode };
  return { mode, words: new Set([...builtIn, ...words.map(plainWord)]) };
}

/** For data captured under a manifest with these contexts, numbered as there. */
export function rulesOf(contexts: readonly CaptureContext[]): RuleOf {
  return rulesFor(contexts.map(textRule), contexts);
}

/**
 * For data that says itself to be of `captured`: the manifest decides, and what the data says can
 * only be stricter.
 */
export function rulesOfCaptured(
  captured: readonly CapturedContext[],
  { contexts }: ManifestFile,
): RuleOf {
  const rules = captured.map((own) => {
    const at = governing(contexts, own);
    const signed = at === undefined ? undefined : contexts[at];
    if (signed === undefined) return skeletonRule;
    return rank[own.mode] < rank[signed.mode] ? textRule(own) : textRule(signed);
  });
  return rulesFor(rules, contexts);
}

function rulesFor(rules: readonly TextRule[], contexts: readonly CaptureContext[]): RuleOf {
  const allFull = contexts.every(({ mode }) => mode === 'full');
  const unknown: TextRule = allFull ? { mode: 'full' } : skeletonRule;
  return (context) => {
    return context === null || context === undefined ? unknown : (rules[context] ?? skeletonRule);
  };
}

const rank: Readonly<Record<Mode, number>> = { skeleton: 0, vocabulary: 1, full: 2 };
