// What a mode takes out of a text, as findings like any other: a whole text, or every stretch that
// is not made of listed words. What stands replaced already is left alone, so twice is once.
import { plainWord } from '../../statement/index.ts';
import { type Finding, placeholderPattern } from '../finding.ts';
import type { TextRule } from './text-rule.ts';

/** Signs in a row between kept words; more of them could be a picture or a number. */
const signsMax = 3;

type Range = Pick<Finding, 'start' | 'end'>;

/** Findings of `rule` in `text` outside of `taken`. */
export function findByRule(text: string, rule: TextRule, taken: readonly Range[] = []): Finding[] {
  if (rule.mode === 'full' || text === '') return [];
  if (rule.mode === 'skeleton') return findText(text);
  return outside(text, [...taken, ...placeholders(text)]).flatMap(([from, to]) =>
    findStretches(text.slice(from, to), rule.words).map((stretch) => ({
      start: stretch.start + from,
      end: stretch.end + from,
      class: 'word' as const,
      rule: 'vocabulary',
    })),
  );
}

/**
 * Numbers of the words that `rule` does not let stand, such as words read from pixels. Signs alone
 * say nothing in a skeleton either.
 */
export function disallowedWords(words: readonly string[], rule: TextRule): number[] {
  return [...words.keys()].filter((at) => {
    const word = words[at] ?? '';
    return /[\p{L}\p{N}]/u.test(word) && findByRule(word, rule).length > 0;
  });
}

function findText(text: string): Finding[] {
  if (text.replace(placeholderPattern, '') === '') return [];
  return [{ start: 0, end: text.length, class: 'text', rule: 'skeleton' }];
}

function placeholders(text: string): Range[] {
  if (!text.includes('[')) return [];
  return Array.from(text.matchAll(placeholderPattern), ({ index, 0: { length } }) => {
    return { start: index, end: index + length };
  });
}

/** The parts of the text that lie in none of the ranges. */
function outside(text: string, ranges: readonly Range[]): (readonly [number, number])[] {
  const parts: (readonly [number, number])[] = [];
  let from = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start > from) parts.push([from, start]);
    from = Math.max(from, end);
  }
  return from < text.length ? [...parts, [from, text.length]] : parts;
}

const tokens = /(?<word>[\p{L}\p{M}\p{N}]+)|(?<signs>[\s!-/:-@[-`{-~]+)|[\s\S]/gu;

/** From one token that may not stand to the last before a listed word. */
function findStretches(text: string, listed: ReadonlySet<string>): Range[] {
  const stretches: { start: number; end: number }[] = [];
  let open: { start: number; end: number } | undefined;
  for (const { 0: token, index, groups } of text.matchAll(tokens)) {
    const { word, signs } = groups ?? {};
    if (word !== undefined && listed.has(plainWord(word))) open = undefined;
    else if (signs === undefined || signs.length > signsMax) {
      open ??= stretches[stretches.push({ start: index, end: index }) - 1];
      if (open) open.end = index + token.length;
    }
  }
  return stretches;
}
