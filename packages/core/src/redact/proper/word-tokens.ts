// A text as words and numbers, with what the lists know about each and what stands between them.
import { wordKey } from '../words/word-key.ts';
import { mark } from '../words/word-table.ts';
import { marksOfWord } from '../words/words.ts';

export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly key: string;
  /** See `mark`. 0 for what no list knows. */
  readonly marks: number;
  readonly shape: 'lower' | 'capital' | 'upper' | 'mixed' | 'initial' | 'number' | 'caseless';
  /** Whether it opens a sentence, a line or a field. */
  readonly opens: boolean;
  /** What stands between it and the word before. */
  readonly gap: string;
}

const asciiWord = /[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*/g;
const anyWord = /[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*/gu;
const onlyAscii = /^\p{ASCII}*$/u;
const opening = /^$|[.!?:;|\n\t•·*>"([{]|--|\s{3}/;
/** Longer ones are no word. */
const wordCharsMax = 40;

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(onlyAscii.test(text) ? asciiWord : anyWord)) {
    const word = match[0];
    const gap = text.slice(from, match.index);
    from = match.index + word.length;
    tokens.push(token(word, match.index, gap, tokens.at(-1)));
  }
  return tokens;
}

function token(word: string, start: number, gap: string, before: Token | undefined): Token {
  const text = word.length > 3 ? word.replace(/'s$/, '') : word;
  const shape = text.length > wordCharsMax ? 'mixed' : shapeOf(text);
  const key = shape === 'number' || shape === 'mixed' ? text : wordKey(text);
  const marks = shape === 'number' ? 0 : marksOfParts(key);
  const isInitial = before?.shape === 'initial' && gap.startsWith('.');
  const opens = before === undefined || (!isInitial && opening.test(gap.trim() === '' ? gap : gap));
  return { start, end: start + text.length, text, key, marks, shape, opens, gap };
}

/** A word with a hyphen that no list knows is what its parts are. */
function marksOfParts(key: string): number {
  const whole = marksOfWord(key);
  if (whole !== 0 || !key.includes('-')) return whole;
  const parts = key.split('-').map(marksOfWord);
  if (parts.some((part) => (part & (mark.word | mark.foreign)) !== 0)) return mark.word;
  return parts.every((part) => (part & mark.name) !== 0) ? mark.name : 0;
}

function shapeOf(text: string): Token['shape'] {
  if (/\p{N}/u.test(text)) return /^\p{N}+$/u.test(text) ? 'number' : 'mixed';
  if (/^\p{Lu}$/u.test(text)) return 'initial';
  if (/^\p{Ll}/u.test(text)) return /^[\p{Ll}\p{M}'-]+$/u.test(text) ? 'lower' : 'mixed';
  if (!/^\p{Lu}/u.test(text)) return 'caseless';
  if (/^[\p{Lu}\p{M}'-]+$/u.test(text)) return 'upper';
  return humps(text) ? 'capital' : 'mixed';
}

const humped = /(?<!\p{L})(?:Mc|Mac|De|Di|La|Le|Fitz|Van|Von|O')(?=\p{Lu})/gu;

/** `McCarthy` and `Jean-Luc` are written like this; `GitHub` and `iPhone` are not names. */
function humps(text: string): boolean {
  return !/\p{Ll}\p{Lu}/u.test(text.replace(humped, ''));
}
