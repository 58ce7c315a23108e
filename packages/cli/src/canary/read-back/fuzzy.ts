// Finds values in text that a machine has read from pixels: letters that look alike are one letter,
// spaces and punctuation do not count, and every fifth letter may be wrong.
import { runLength } from '../runs.ts';

const wrongShare = 0.2;
/** Of a part, and of short ones above all, less may be wrong: it would stand anywhere. */
const wrongShareOfShortPart = 0.1;
const shortPartLetters = 16;
const exactLettersMax = 5;
/** As many as one machine word has bits for. */
const partLettersMax = 31;
const alike: Readonly<Record<string, string>> = {
  ...{ o: '0', q: '0', d: '0', i: '1', l: '1', j: '1', t: '1', s: '5', z: '2', b: '8', g: '9' },
};

/** Letters and digits only, those that look alike made one. */
export function plainLetters(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[|![\]]/g, '1')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll(/[oqdiljtszbg]/g, (letter) => alike[letter] ?? letter)
    .replaceAll(/rn/g, 'm')
    .replaceAll(/vv/g, 'w');
}

interface Part {
  readonly value: number;
  readonly letters: number;
  readonly wrongMax: number;
  /** For each letter the bits of the places where the part has it. */
  readonly places: Int32Array;
}

/** Looks for many values, whole or a long enough part of them, in what was read. */
export class FuzzySearch {
  readonly #parts: readonly Part[];
  /** Letters of the values, numbered; 0 is every other letter. */
  readonly #numbers = new Map<string, number>();

  constructor(values: readonly string[]) {
    const plain = values.map(plainLetters);
    for (const letter of new Set(plain.join(''))) this.#numbers.set(letter, this.#numbers.size + 1);
    this.#parts = plain.flatMap((text, value) =>
      partsOf(text).map(({ part, wrongMax }) => this.#compiled(part, wrongMax, value)),
    );
  }

  /** Numbers of the values in a text that went through `plainLetters`; those known are left out. */
  in(text: string, known: ReadonlyMap<number, unknown> = new Map()): ReadonlySet<number> {
    const letters = Uint16Array.from(text, (letter) => this.#numbers.get(letter) ?? 0);
    const found = new Set<number>();
    for (const part of this.#parts) {
      if (found.has(part.value) || known.has(part.value)) continue;
      if (stands(part, letters)) found.add(part.value);
    }
    return found;
  }

  #compiled(part: string, wrongMax: number, value: number): Part {
    const places = new Int32Array(this.#numbers.size + 1);
    for (const [at, letter] of [...part].entries()) {
      const number = this.#numbers.get(letter) ?? 0;
      places[number] = (places[number] ?? 0) | (1 << at);
    }
    return { value, letters: part.length, wrongMax, places };
  }
}

/** The whole, where it is short enough, and overlapping parts that count as recovered. */
function partsOf(text: string): readonly { readonly part: string; readonly wrongMax: number }[] {
  if (text === '') return [];
  const wrong = text.length <= exactLettersMax ? 0 : Math.floor(text.length * wrongShare);
  const parts = text.length <= partLettersMax ? [{ part: text, wrongMax: wrong }] : [];
  const length = runLength(text);
  if (length === text.length) return parts;
  const share = length < shortPartLetters ? wrongShareOfShortPart : wrongShare;
  const step = Math.max(1, Math.floor(length / 4));
  for (let from = 0; from + length <= text.length; from += step) {
    const wrongMax = Math.floor(length * share);
    parts.push({ part: text.slice(from, from + length), wrongMax });
  }
  return parts;
}

/** Whether the part stands anywhere with few enough wrong letters (Myers, 1999, bit by bit). */
function stands({ letters, wrongMax, places }: Part, text: Uint16Array): boolean {
  const last = 1 << (letters - 1);
  let more = -1;
  let less = 0;
  let wrong = letters;
  for (const letter of text) {
    const here = places[letter] ?? 0;
    const vertical = here | less;
    const across = (((here & more) + more) ^ more) | here;
    let up = less | ~(across | more);
    let down = more & across;
    if (up & last) wrong += 1;
    else if (down & last) wrong -= 1;
    if (wrong <= wrongMax) return true;
    up <<= 1;
    down <<= 1;
    more = down | ~(vertical | up);
    less = up & vertical;
  }
  return false;
}
