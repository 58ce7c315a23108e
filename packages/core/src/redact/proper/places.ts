// Countries, regions and towns, of one word or several, by the lists and by what stands before.
import type { Finding } from '../finding.ts';
import { wordKey } from '../words/word-key.ts';
import { mark } from '../words/word-table.ts';
import { marksOfWord } from '../words/words.ts';
import { whereabouts } from './cues.ts';
import { has, isCapital, isCommon, isUnheard } from './kinds.ts';
import type { Token } from './word-tokens.ts';

const wordsMax = 5;
const shortMin = 3;
/** Shorter words in capitals are abbreviations. */
const upperMin = 5;
const ordinary = mark.word | mark.foreign;

export function findPlaces(text: string, tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  for (let at = 0; at < tokens.length; ) {
    const last = longestPlace(text, tokens, at) ?? unheardPlace(tokens, at);
    const start = tokens[at]?.start ?? 0;
    if (last !== undefined) {
      const end = tokens[last]?.end ?? start;
      findings.push({ start, end, class: 'place', rule: 'place' });
      const after = tokens[last + 1];
      if (isPostcode(after) && has(tokens[last], mark.region)) {
        findings.push({ start, end: after?.end ?? end, class: 'place', rule: 'place' });
      }
    }
    at = (last ?? at) + 1;
  }
  return findings;
}

function longestPlace(text: string, tokens: readonly Token[], at: number): number | undefined {
  const first = tokens[at];
  if (first === undefined || first.shape === 'number' || first.shape === 'mixed') return undefined;
  for (let last = Math.min(tokens.length, at + wordsMax) - 1; last > at; last--) {
    if (isSeveralWordPlace(text, tokens, at, last)) return last;
  }
  return isOneWordPlace(tokens, at) ? at : undefined;
}

function isSeveralWordPlace(
  text: string,
  tokens: readonly Token[],
  at: number,
  last: number,
): boolean {
  const parts = tokens.slice(at, last + 1);
  if (parts.slice(1).some((part) => part.gap !== ' ' && part.gap !== '. ')) return false;
  if (!isCapital(parts[0]) && parts.some(isCapital)) return false;
  const key = wordKey(text.slice(parts[0]?.start ?? 0, parts.at(-1)?.end ?? 0));
  const marks = marksOfWord(key);
  if ((marks & mark.region) !== 0) return isCapital(parts.at(-1)) || !parts.every(isWord);
  if ((marks & mark.town) === 0) return false;
  return parts.every(isCapitalOrSmall) && (isAnnounced(tokens, at) || !parts.every(isWord));
}

function isWord(token: Token): boolean {
  return has(token, ordinary);
}

function isCapitalOrSmall(token: Token): boolean {
  return token.shape !== 'lower' || token.text.length <= 4;
}

function isOneWordPlace(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || token.text.length < shortMin) return false;
  if (has(token, mark.region)) {
    if (token.shape === 'lower') return !has(token, mark.word | mark.name) && token.text.length > 4;
    return isCapital(token) ? !has(token, mark.word) || isAnnounced(tokens, at) : !isWord(token);
  }
  if (!has(token, mark.town) || !isCapital(token)) return false;
  if (isAnnounced(tokens, at)) return !isCommon(token);
  return !isWord(token) && !has(token, mark.name);
}

/** Behind a country: digits that are no year. */
function isPostcode(token: Token | undefined): boolean {
  if (token === undefined || !/^(?: |, |\) )$/.test(token.gap)) return false;
  return /^(?:\d{5,6}|(?!19|20)\d{4})$/.test(token.text);
}

/** `moved to Xyz`: a word no list knows, after one that says where. */
function unheardPlace(tokens: readonly Token[], at: number): number | undefined {
  const token = tokens[at];
  const long = token?.shape === 'capital' || (token?.text.length ?? 0) >= upperMin;
  return isUnheard(token) && long && isAnnounced(tokens, at) ? at : undefined;
}

function isAnnounced(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return tokens[at]?.gap === ' ' && before?.shape === 'lower' && whereabouts.has(before.key);
}
