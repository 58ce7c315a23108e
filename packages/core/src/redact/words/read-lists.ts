// Takes the words out of the files that packages keep them in. Each reader gives one word or one
// name of several words at a time, as written.
import { strFromU8 } from 'fflate';

const newline = 10;

/** A line each, decoded one by one: a whole file as one text would stay in memory for long. */
export function* lines(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): Generator<string> {
  let from = 0;
  for (let count = 0; count < most && from < bytes.length; count++) {
    const end = bytes.indexOf(newline, from);
    const to = end < 0 ? bytes.length : end;
    const line = strFromU8(bytes.subarray(from, to)).trim();
    if (line !== '' && !line.startsWith('#')) yield line;
    from = to + 1;
  }
}

export interface CountedWord {
  readonly word: string;
  readonly count: number;
}

/** `"word": "you",` on one line, `"count": 2134713` on the next, over and over. */
export function* countedWords(json: Uint8Array): Generator<CountedWord> {
  let word = '';
  for (const line of lines(json)) {
    if (line.startsWith('"word"')) word = line.slice(line.indexOf(': "') + 3, -2);
    else if (line.startsWith('"count"')) yield { word, count: Number(line.slice(9)) };
  }
}

/** The address of the module that `source` passes on, next to its own folder. */
export function passedOn(source: string, address: string): string | undefined {
  const target = /from"\.\.\/([\w-]{1,80}\.js)"/.exec(source)?.[1];
  return target && address.replace(/locale\/[\w]{1,40}\.js$/, target);
}

/** The words under one key of a minified module, in backticks or quotes, apart at full stops. */
export function* wordsUnder(source: string, key: string): Generator<string> {
  for (let at = source.indexOf(key); at >= 0; at = source.indexOf(key, at + key.length)) {
    const end = endOfValue(source, at + key.length);
    for (const text of source.slice(at, end).matchAll(/`([^`$]{1,200000})`/g)) {
      const words = text[1] ?? '';
      if (words.length > 1) yield* words.split(words.includes('.') ? '.' : ',');
    }
  }
}

/** Where the object, list or text that begins at `from` ends. */
function endOfValue(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '`') at = Math.max(at, source.indexOf('`', at + 1));
    else if ('{[('.includes(character)) depth++;
    else if ('}])'.includes(character)) depth--;
    if (depth < 0 || (depth === 0 && source.charAt(at + 1) === ',')) return at + 1;
  }
  return source.length;
}

const townName = 0x12;

/** Names of towns: field 2 of length-prefixed protocol buffers. */
export function* townNames(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at + 1 < bytes.length; ) {
    const end = at + 1 + (bytes[at] ?? 0);
    // The first field is a number of up to five bytes, the last of which has no high bit.
    let field = at + 2;
    while (field < end && (bytes[field] ?? 0) >= 0x80) field++;
    field++;
    if (bytes[field] === townName) {
      const start = field + 2;
      yield strFromU8(bytes.subarray(start, start + (bytes[field + 1] ?? 0)));
    }
    at = end;
  }
}
