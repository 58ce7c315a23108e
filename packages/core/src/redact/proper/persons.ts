// Names of persons: runs of capitalised words that are names and nothing else, or that lists do not
// know, or that stand where a name is announced.
import type { Finding } from '../finding.ts';
import { mark } from '../words/word-table.ts';
import { announcesName, mayAnnounceName } from './announced.ts';
import { deeds, greetings, isTitle, namings } from './cues.ts';
import { has, isCapital, isCommon, isPerhapsName, isSurelyName, isUnheard } from './kinds.ts';
import type { Token } from './word-tokens.ts';

const particles = new Set(
  `de da do dos das del della di du van von der den ter ten la le el al bin ibn ben abu y e zu af
   av of st`.split(/\s+/),
);
/** Words of one name, at most. */
const nameWordsMax = 6;

export function findPersons(text: string, tokens: readonly Token[]): Finding[] {
  const findings: Finding[] = [];
  for (let at = 0; at < tokens.length; ) {
    const run = runFrom(text, tokens, at);
    if (run === undefined) {
      at++;
      continue;
    }
    const [first, last] = run;
    const start = tokens[first]?.start ?? 0;
    findings.push({ start, end: tokens[last]?.end ?? start, class: 'person', rule: 'name' });
    at = last + 1;
  }
  return findings;
}

type Run = readonly [first: number, last: number];

function runFrom(text: string, tokens: readonly Token[], at: number): Run | undefined {
  const token = tokens[at];
  if (token === undefined || token.shape === 'number') return undefined;
  if (token.shape === 'lower' || token.shape === 'caseless') return uncapitalised(text, tokens, at);
  if (!mayBeName(token) && token.shape !== 'initial') return undefined;
  const last = lastOfRun(tokens, at);
  const first = withoutOpening(tokens, at, last);
  return isPerson(text, tokens, first, last) ? [first, last] : undefined;
}

function mayBeName(token: Token | undefined): boolean {
  return isCapital(token) && (has(token, mark.name) || isUnheard(token));
}

/** As far as names, initials and particles follow each other. */
function lastOfRun(tokens: readonly Token[], first: number): number {
  let last = first;
  for (let at = first + 1; at < tokens.length && at - first < nameWordsMax; at++) {
    const token = tokens[at];
    if (token === undefined || !follows(tokens[at - 1], token)) break;
    if (mayBeName(token) || isLastName(tokens, first, at)) last = at;
    else if (token.shape !== 'initial' && !particles.has(token.key)) break;
  }
  return last;
}

/** `Justin Beet`: a word that is no name, after a given name and with a capital. */
function isLastName(tokens: readonly Token[], first: number, at: number): boolean {
  const token = tokens[at];
  if (at !== first + 1 || token?.shape !== 'capital' || isCommon(token)) return false;
  const isGiven = has(tokens[first], mark.given) && isSurelyName(tokens[first]);
  return isGiven && token.gap === ' ' && !has(token, mark.region | mark.town);
}

function follows(before: Token | undefined, token: Token): boolean {
  if (/^(?: {1,2}|-)$/.test(token.gap)) return true;
  return before?.shape === 'initial' && /^\.? ?$/.test(token.gap);
}

/** A frequent word that opens a sentence before a name, as `Will` in `Will Jane come`. */
function withoutOpening(tokens: readonly Token[], first: number, last: number): number {
  const token = tokens[first];
  const next = tokens[first + 1];
  if (token === undefined || first === last) return first;
  if (greetings.has(token.key)) return first + 1;
  const droppable = has(token, mark.word) && !has(token, mark.given);
  const drops = token.opens && (droppable || isCommon(token) || token.shape === 'initial');
  return drops && (isSurelyName(next) || isUnheard(next)) ? first + 1 : first;
}

function isPerson(text: string, tokens: readonly Token[], first: number, last: number): boolean {
  const run = tokens.slice(first, last + 1);
  const count = (test: (token: Token) => boolean): number => run.filter(test).length;
  const [sure, unheard, perhaps] = [isSurelyName, isUnheard, isPerhapsName].map(count);
  const words = (sure ?? 0) + (unheard ?? 0) + (perhaps ?? 0);
  if (words === 0) return false;
  if (isAnnounced(text, tokens, first)) return true;
  if (run.every((token) => token.shape === 'upper')) return isUpperName(run);
  if (sure || (unheard ?? 0) >= 2) return true;
  if (words >= 2 && (unheard || has(run[0], mark.given))) return true;
  const telling = unheard === 1 || run.some(isGivenFirst);
  return telling && isPlaced(tokens, first, last);
}

function isGivenFirst(token: Token): boolean {
  return has(token, mark.given) && !has(token, mark.common | mark.foreign);
}

/** Where in a sentence a name would stand, and hardly anything else with a capital. */
function isPlaced(tokens: readonly Token[], first: number, last: number): boolean {
  if (isInProse(tokens, first) || isFollowedByDeed(tokens, last)) return true;
  const after = tokens[last + 1]?.gap ?? '';
  const speaks = tokens[first]?.opens === true && /^: /.test(after);
  if (isTurnedRound(tokens, first, last)) return true;
  const isAddressed = tokens[first]?.gap === ', ' && /^[!?]/.test(after);
  return speaks || isAddressed;
}

function isUpperName(run: readonly Token[]): boolean {
  const known = run.filter((token) => isSurelyName(token) && token.text.length > 2);
  return known.length >= 2 || known.some((token) => token.text.length > 4);
}

function isAnnounced(text: string, tokens: readonly Token[], first: number): boolean {
  const before = tokens[first - 1];
  const token = tokens[first];
  if (before === undefined || token === undefined) return announcesName(text, token?.start ?? 0);
  if (/^\.? $/.test(token.gap)) {
    if (isTitle(before)) return true;
    if (token.gap === ' ' && greetings.has(before.key) && !isCommon(token)) return true;
    if (token.gap === ' ' && namings.has(before.key) && !isCommon(token)) return true;
  }
  if (announcesName(text, token.start)) return true;
  return mayAnnounceName(text, token.start) && !has(token, mark.word);
}

/** `Ladavac, Elizabeta`, with nothing else on the line. */
function isTurnedRound(tokens: readonly Token[], first: number, last: number): boolean {
  const [before, after] = [tokens[first - 1], tokens[last + 1]];
  const leads = tokens[first]?.opens === true && after?.gap === ', ';
  const ends = (at: number): boolean => tokens[at] === undefined || tokens[at].opens === true;
  if (leads) return has(after, mark.given) && isCapital(after) && ends(last + 2);
  const trails = tokens[first]?.gap === ', ' && before?.opens === true && mayBeName(before);
  return trails && ends(last + 1);
}

/** In a sentence, after a word in lower case, a capital is there for a reason. */
function isInProse(tokens: readonly Token[], first: number): boolean {
  const before = tokens[first - 1];
  const token = tokens[first];
  return token?.gap === ' ' && before?.shape === 'lower' && token.shape === 'capital';
}

function isFollowedByDeed(tokens: readonly Token[], last: number): boolean {
  const next = tokens[last + 1];
  return next?.gap === ' ' && next.shape === 'lower' && deeds.has(next.key);
}

/** Names without capitals: announced ones, and two names side by side. */
function uncapitalised(text: string, tokens: readonly Token[], first: number): Run | undefined {
  const token = tokens[first];
  const known = isSurelyName(token);
  const unlisted = token?.marks === 0 && token.text.length > 2;
  if (!known && !unlisted) return undefined;
  const at = token?.start ?? 0;
  const announced =
    (isTitle(tokens[first - 1]) && /^\.? $/.test(token?.gap ?? '')) ||
    announcesName(text, at) ||
    mayAnnounceName(text, at);
  let last = first;
  while (last - first < 3 && isNameLike(tokens[last + 1], announced)) last++;
  if (announced) return [first, last];
  const run = tokens.slice(first, last + 1);
  const given = run.some((each) => has(each, mark.given));
  return run.length > 1 && given && run.every(isSurelyName) ? [first, last] : undefined;
}

function isNameLike(token: Token | undefined, announced: boolean): boolean {
  if (token === undefined || token.gap !== ' ') return false;
  if (token.shape !== 'lower' && token.shape !== 'caseless') return false;
  if (announced && isPerhapsName(token) && !isCommon(token)) return true;
  return isSurelyName(token) || (token.marks === 0 && token.text.length > 2);
}
