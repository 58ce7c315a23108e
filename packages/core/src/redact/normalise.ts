// Rules read a plain form of the text (ASCII digits, no invisible characters, no look-alikes);
// every unit of it knows which units of the original it stands for, so findings cover the original.

import { homoglyphs } from './homoglyphs.ts';
import { wide } from './pattern-lines.ts';

/** Plain text with, per unit, its `[start, end)` in the original. */
export interface Plain {
  readonly text: string;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** Stands for a range that is already masked; no rule's pattern matches it. */
export const maskedUnit = '\uFFFC';

// Zero-width and joining characters, direction marks, variation selectors, keycaps, tags.
const invisible = wide('u')`
    [\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060
    -\u206F\uFE00-\uFE0F\uFEFF\u20E3\u{E0000}-\u{E007F}]`;
const onlyAscii = /^\p{ASCII}*$/u;
const digitZeros = [
  0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0,
  0xf20, 0x1040, 0x17e0, 0x1810,
];
const known = new Map<string, string>();
const knownMax = 20_000;

export function normalise(text: string): Plain {
  return onlyAscii.test(text) ? identity(text) : rewrite(text);
}

function identity(text: string): Plain {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let at = 0; at < text.length; at++) {
    starts[at] = at;
    ends[at] = at + 1;
  }
  return { text, starts, ends };
}

interface Piece {
  readonly form: string;
  readonly start: number;
  readonly end: number;
}

function rewrite(text: string): Plain {
  const builder = plainBuilder();
  let word: Piece[] = [];
  const endWord = (): void => {
    const look = looksLatin(word) ? (form: string) => homoglyphs.get(form) ?? form : asItIs;
    for (const { form, start, end } of word) builder.add(look(form), start, end);
    word = [];
  };
  let at = 0;
  for (const character of text) {
    const form = plainForm(character);
    const piece = { form, start: at, end: at + character.length };
    at = piece.end;
    if (form === '' || inWord.test(form)) word.push(piece);
    else {
      endWord();
      builder.add(homoglyphs.get(form) ?? form, piece.start, piece.end);
    }
  }
  endWord();
  return builder.done();
}

const inWord = /^[\p{L}\p{M}\p{N}]/u;
const asItIs = (form: string): string => form;

/**
 * Look-alikes stand for Latin letters in a word that has Latin letters, or nothing else. A word of
 * another script stays as it is, so that names in it are known.
 */
function looksLatin(word: readonly Piece[]): boolean {
  const letters = word.filter(({ form }) => form !== '' && !/^\p{N}|^\p{M}/u.test(form));
  return (
    letters.some(({ form }) => /^[A-Za-z]/.test(form)) ||
    letters.every(({ form }) => homoglyphs.has(form))
  );
}

/** Collects plain units with the original range each stands for. */
export function plainBuilder() {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  return {
    add(plain: string, start: number, end: number): void {
      parts.push(plain);
      for (let unit = 0; unit < plain.length; unit++) {
        starts.push(start);
        ends.push(end);
      }
    },
    done: (): Plain => ({ text: parts.join(''), starts, ends }),
  };
}

function plainForm(character: string): string {
  if (character <= '\u007F') return character;
  const before = known.get(character);
  if (before !== undefined) return before;
  const form = computeForm(character);
  if (known.size < knownMax) known.set(character, form);
  return form;
}

function computeForm(character: string): string {
  if (invisible.test(character)) return '';
  if (homoglyphs.has(character)) return character;
  if (/\s/u.test(character)) return character === '\u2028' || character === '\u2029' ? '\n' : ' ';
  if (/\p{Nd}/u.test(character)) return asciiDigit(character);
  const compatible = character.normalize('NFKC');
  return onlyAscii.test(compatible) ? compatible : character;
}

function asciiDigit(character: string): string {
  const compatible = character.normalize('NFKC');
  if (onlyAscii.test(compatible)) return compatible;
  const code = character.codePointAt(0) ?? 0;
  const zero = digitZeros.find((first) => code >= first && code <= first + 9);
  return zero === undefined ? character : String(code - zero);
}

/** The same text with the ranges (in original units, sorted, apart) as one masked unit each. */
export function collapse(plain: Plain, ranges: readonly { start: number; end: number }[]): Plain {
  if (ranges.length === 0) return plain;
  const builder = plainBuilder();
  let next = 0;
  let open = -1;
  for (let unit = 0; unit < plain.text.length; unit++) {
    const start = plain.starts[unit] ?? 0;
    while ((ranges[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next++;
    const range = ranges[next];
    if (range === undefined || start < range.start) {
      builder.add(plain.text.charAt(unit), start, plain.ends[unit] ?? start);
    } else if (open !== next) {
      open = next;
      builder.add(maskedUnit, range.start, range.end);
    }
  }
  return builder.done();
}
