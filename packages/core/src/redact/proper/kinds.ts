// What a single word may be, by its spelling and what the lists say of it.
import { mark } from '../words/word-table.ts';
import type { Token } from './word-tokens.ts';

const ordinary = mark.word | mark.foreign;

export function has(token: Token | undefined, marks: number): boolean {
  return token !== undefined && (token.marks & marks) !== 0;
}

export function isCapital(token: Token | undefined): boolean {
  return token?.shape === 'capital' || token?.shape === 'upper';
}

/** Known as a name and as nothing else. */
export function isSurelyName(token: Token | undefined): boolean {
  return has(token, mark.name) && !has(token, ordinary);
}

/** A name that is a word as well. */
export function isPerhapsName(token: Token | undefined): boolean {
  return has(token, mark.name) && has(token, ordinary);
}

/** A word of three or more letters that no list has. */
export function isUnheard(token: Token | undefined): boolean {
  return token !== undefined && token.marks === 0 && token.text.length > 2 && isCapital(token);
}

export function isCommon(token: Token | undefined): boolean {
  return has(token, mark.common);
}
