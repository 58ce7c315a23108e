// Streets: names beside a street word or a house number.
import { mark } from '../words/word-table.ts';
import { has, isCapital } from './kinds.ts';
import { streetEnding, streetPrefixes, streetWords } from './street-words.ts';
import type { Token } from './word-tokens.ts';

/** `[start, end)` in units of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function findStreets(text: string, tokens: readonly Token[]): Span[] {
  const cores: Span[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const core = bySuffix(text, tokens, at) ?? byPrefix(tokens, at) ?? byCompound(tokens, at);
    if (core) cores.push(core);
    const plain = byNumberOnly(text, tokens, at) ?? byLeadingNumber(text, tokens, at);
    if (plain) cores.push(plain);
    const corner = byCorner(tokens, at);
    if (corner) cores.push(corner);
  }
  return cores;
}

const houseNumber = /^\d{1,6}[a-z]?(?:-\d{1,5}[a-z]?)?$/i;
const isNumber = (token: Token | undefined): boolean =>
  token !== undefined && houseNumber.test(token.text);
const beside = (token: Token | undefined): boolean => /^,? $/.test(token?.gap ?? '');

/** `76 Thornton Street`, `Eriksson Bridge`: names before a street word. */
function bySuffix(text: string, tokens: readonly Token[], at: number): Span | undefined {
  const word = tokens[at];
  if (word === undefined || !streetWords.has(word.key) || word.gap !== ' ') return undefined;
  let first = at;
  while (at - first < 4 && isStreetName(tokens[first - 1]) && tokens[first]?.gap === ' ') first--;
  const numbers = numbersBefore(tokens, first);
  if (first === at && numbers === first) return undefined;
  const names = tokens.slice(first, at);
  const known = names.some((name) => has(name, mark.name | mark.town) || name.marks === 0);
  const isRoad = /^(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd)$/.test(word.key);
  if (numbers === first && !(isCapital(word) && names.length > 0 && (isRoad || known))) return;
  if (numbers === first && tokens[first]?.opens && !isRoad) return undefined;
  if (numbers < first && !isCapital(word) && !isRoad) return undefined;
  const after = tokens[at + 1];
  const withNumber = isNumber(after) && /^\.? $/.test(after?.gap ?? '');
  const end = withNumber ? (after?.end ?? word.end) : word.end;
  return { start: tokens[numbers]?.start ?? word.start, end: text[end] === '.' ? end : end };
}

function isStreetName(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (/^(?:the|at|in|on|from|to|is|of|and|or)$/.test(token.key)) return false;
  return (
    isCapital(token) ||
    token.shape === 'mixed' ||
    token.shape === 'initial' ||
    token.shape === 'caseless' ||
    (token.shape === 'lower' && !has(token, mark.common))
  );
}

function numbersBefore(tokens: readonly Token[], first: number): number {
  let at = first;
  while (first - at < 2 && isNumber(tokens[at - 1]) && beside(tokens[at])) at--;
  return at;
}

/** `Rue de Provence 33`, `33 rue de Provence`: a street word before names. */
function byPrefix(tokens: readonly Token[], at: number): Span | undefined {
  const word = tokens[at];
  if (word === undefined || !streetPrefixes.has(word.key)) return undefined;
  let last = at;
  while (last - at < 6 && isPrefixedName(tokens, last + 1)) last++;
  if (last === at) return undefined;
  const numbers = numbersBefore(tokens, at);
  const after = tokens[last + 1];
  const numbered = isNumber(after) && /^,? (?:n[o°]?\.? ?)?$/.test(after?.gap ?? '');
  if (numbers === at && !numbered) return undefined;
  const small = /^(?:an|am|im|auf|c|r|al|os|place|route|via|cours|m)$/.test(word.key);
  if (small && !isCapital(tokens[last]) && !isCapital(word)) return undefined;
  return {
    start: tokens[numbers]?.start ?? word.start,
    end: (numbered ? after?.end : tokens[last]?.end) ?? word.end,
  };
}

function isPrefixedName(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined || !/^(?: |\. |\.|\/ |\/|-)$/.test(token.gap)) return false;
  if (token.shape === 'number') return false;
  const small =
    /^(?:de|du|des|la|le|les|del|della|delle|dei|di|da|do|dos|das|d|l|el|los|las|et|y|e)$/;
  return (
    isCapital(token) ||
    token.shape === 'initial' ||
    small.test(token.key) ||
    token.shape === 'caseless' ||
    (token.shape === 'lower' && !has(token, mark.common))
  );
}

/** `Kopfhölzistrasse 45`, `5 Bahnhofstr.`: one word that ends in a street word. */
function byCompound(tokens: readonly Token[], at: number): Span | undefined {
  const word = tokens[at];
  if (word === undefined || word.text.length < 6 || !streetEnding.test(word.text)) return undefined;
  if (has(word, mark.common)) return undefined;
  const after = tokens[at + 1];
  const numbered = isNumber(after) && /^\.? $/.test(after?.gap ?? '');
  const numbers = numbersBefore(tokens, at);
  if (!numbered && (numbers === at || !isCapital(word))) return undefined;
  let first = numbers;
  while (
    numbers === at &&
    at - first < 2 &&
    isCapital(tokens[first - 1]) &&
    !tokens[first]?.opens &&
    tokens[first]?.gap === ' ' &&
    !has(tokens[first - 1], mark.word)
  )
    first--;
  return {
    start: tokens[first]?.start ?? word.start,
    end: (numbered ? after?.end : word.end) ?? word.end,
  };
}

/** `Allika 46`, `35 Sikelianou 7`: names beside a house number, where lists do not know better. */
function byNumberOnly(text: string, tokens: readonly Token[], at: number): Span | undefined {
  const number = tokens[at];
  if (!isNumber(number) || number === undefined || number.gap !== ' ') return undefined;
  let first = at;
  while (
    at - first < 4 &&
    isPlainName(tokens[first - 1]) &&
    (first === at || tokens[first]?.gap === ' ')
  )
    first--;
  if (first === at) return undefined;
  const names = tokens.slice(first, at);
  const told = names.some((name) => name.marks === 0 || has(name, mark.name | mark.town));
  const ordinary = names.some((name) => has(name, mark.common));
  const numbers = numbersBefore(tokens, first);
  const boxed = /^[.,]?(?:$|\s)/.test(text.slice(number.end, number.end + 2));
  const ends = /^[.]?(?:\s{0,2}$|\s{0,3}\n|,| apt| suite| \d)/i.test(
    text.slice(number.end, number.end + 6),
  );
  const starts =
    tokens[numbers]?.opens ||
    /\b(?:at|in|to|on|of|is|und|and)$/.test(text.slice(0, (tokens[numbers]?.start ?? 0) - 1));
  if (!told || ordinary || !boxed) return undefined;
  if (numbers === first && !(ends && starts)) return undefined;
  return { start: tokens[numbers]?.start ?? number.start, end: number.end };
}

/** `214 Pavlou Drandaki`, where something stands. */
function byLeadingNumber(text: string, tokens: readonly Token[], at: number): Span | undefined {
  if (!isNumber(tokens[at]) || (tokens[at]?.text.length ?? 0) < 2) return undefined;
  let last = at;
  while (last - at < 4 && isPlainName(tokens[last + 1]) && tokens[last + 1]?.gap === ' ') last++;
  const names = tokens.slice(at + 1, last + 1);
  const told = names.filter((name) => name.marks === 0 || has(name, mark.name | mark.town));
  if (told.length < 2 || names.some((name) => has(name, mark.common))) return undefined;
  const numbers = numbersBefore(tokens, at);
  const start = tokens[numbers]?.start ?? 0;
  if (!tokens[numbers]?.opens && !isAt.test(text.slice(Math.max(0, start - 12), start))) return;
  return { start, end: tokens[last]?.end ?? start };
}

const isAt = /\b(?:at|to|is|on|in|of|near|address|visit|from|and)[: ]{1,2}$/i;

/** `the corner of Bygget 64 and Komel Club`. */
function byCorner(tokens: readonly Token[], at: number): Span | undefined {
  const corner = tokens[at];
  if (corner?.key !== 'corner' || tokens[at + 1]?.key !== 'of') return undefined;
  let last = at + 1;
  while (last - at < 14 && isCornerPart(tokens[last + 1])) last++;
  if (last < at + 3) return undefined;
  const the = tokens[at - 1];
  return { start: (the?.key === 'the' ? the : corner).start, end: tokens[last]?.end ?? corner.end };
}

function isCornerPart(token: Token | undefined): boolean {
  if (token === undefined || !/^(?: |\. |, |\.)$/.test(token.gap)) return false;
  const joins = /^(?:and|und|et|y|de|du|la|ul|u|of|the|van|ten|der|den|di|del|da|do)$/;
  return token.shape !== 'lower' || joins.test(token.key);
}

function isPlainName(token: Token | undefined): boolean {
  if (!isCapital(token) && token?.shape !== 'initial') return false;
  return !notStreets.has(token?.key ?? '');
}

/** `Page 4`, `Windows 11`: numbered things. */
const notStreets = new Set(
  `version page chapter section figure table step level line room row no question article part top
   windows office python java node size class grade day week year q phase release build sprint issue
   ticket task item order invoice error code exit port channel slide sheet column cell unit`.split(
    /\s+/,
  ),
);
