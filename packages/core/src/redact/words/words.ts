// What lists know about words, loaded once a process, on the first question. A list that cannot be
// read, or gives too little, is an error.
import { gunzipSync, strFromU8 } from 'fflate';
import { HandrailError } from '../../errors/index.ts';
import { sources } from '../sources.ts';
import { ownWords } from './own-words.ts';
import { countedWords, lines, passedOn, townNames, wordsUnder } from './read-lists.ts';
import { regionNames } from './region-names.ts';
import { type ReadFile, wordFiles } from './word-files.ts';
import { wordKey } from './word-key.ts';
import {
  addWord,
  bytesOfTable,
  mark,
  marksOf,
  tableOfBytes,
  type WordTable,
  wordCount,
  wordTable,
} from './word-table.ts';

/** Five bytes each: 5 MiB. */
const slots = 2 ** 20;
const frequentMax = 3_000;
/** The lists of frequent words hold names too; further up than this they are words as well. */
const surelyRankMax = 150;
const givenRankMax = 300;
const nameRankMax = 1_500;
const commonCountMin = 4_000;
/** Fewer words than this mean that a list has changed its form. */
const wordsMin = 400_000;
/** Words of several lists count once here. */
const distinctMin = 200_000;

let loaded: WordTable | undefined;

/** Marks of a word or of a name of several words, by its key. Throws `redaction.failed`. */
export function marksOfWord(key: string): number {
  loaded ??= load(sources().readFile);
  return marksOf(loaded, key);
}

/** Loads the lists now, so that the first text need not wait. Throws `redaction.failed`. */
export function loadWords(): void {
  loaded ??= load(sources().readFile);
}

/** What was loaded, for another process of ours on the same machine. Throws `redaction.failed`. */
export function wordBytes(): Uint8Array {
  loaded ??= load(sources().readFile);
  return bytesOfTable(loaded);
}

/** Takes what `wordBytes` gave, instead of loading. Throws `redaction.failed` for anything else. */
export function useWordBytes(bytes: Uint8Array): void {
  const table = tableOfBytes(bytes, slots);
  if (table === undefined || wordCount(table) < distinctMin) {
    throw new HandrailError('redaction.failed', 'word lists are incomplete');
  }
  loaded ??= table;
}

function load(read: ReadFile): WordTable {
  const table = wordTable(slots);
  let added = 0;
  const add = (word: string, marks: number): void => {
    if (word.length < 2) return;
    addWord(table, wordKey(word), marks);
    added++;
  };
  try {
    addNames(read, add);
    addPlaces(read, add);
    addOrdinary(read, add, (key) => marksOf(table, key));
  } catch (cause) {
    throw new HandrailError('redaction.failed', 'install the word lists that redaction needs', {
      cause,
    });
  }
  if (added < wordsMin) throw new HandrailError('redaction.failed', 'word lists are incomplete');
  return table;
}

type Add = (word: string, marks: number) => void;

function addNames(read: ReadFile, add: Add): void {
  const files = wordFiles();
  for (const word of lines(read(files.names))) add(word, mark.name);
  for (const address of files.namesByLocale) {
    const module = passedOn(text(read(address)), address);
    if (module === undefined) throw new HandrailError('redaction.failed', 'names have moved');
    const source = text(read(module));
    for (const name of wordsUnder(source, 'first_name:')) add(name, mark.name | mark.given);
    for (const name of wordsUnder(source, 'last_name:')) add(name, mark.name);
  }
}

function addPlaces(read: ReadFile, add: Add): void {
  for (const name of townNames(read(wordFiles().towns))) add(name, mark.town);
  for (const name of regionNames()) add(name, mark.region);
}

function addOrdinary(read: ReadFile, add: Add, known: (key: string) => number): void {
  const files = wordFiles();
  const namesOnly = new Set<string>();
  for (const { word, count } of countedWords(read(files.english))) {
    const key = wordKey(word);
    const isProper = /^\p{Lu}/u.test(word) && known(key) !== 0 && word !== 'I';
    if (isProper && count < 60_000) namesOnly.add(key);
    else add(word, mark.word | (count >= commonCountMin ? mark.common : 0));
  }
  for (const address of files.frequent) {
    let rank = 0;
    for (const word of lines(read(address), frequentMax)) {
      rank++;
      const key = wordKey(word);
      const most = namesOnly.has(key) ? surelyRankMax : ordinaryRank(known(key));
      if (rank <= most) add(word, mark.foreign);
    }
  }
  for (const term of lines(gunzipSync(read(files.terms)))) add(term, mark.word);
  for (const word of ownWords()) add(word, mark.word);
  for (const seed of lines(read(files.seeds))) add(seed.replace(/^.*`|`.*$/g, ''), mark.seed);
}

function ordinaryRank(marks: number): number {
  if ((marks & mark.given) !== 0) return givenRankMax;
  return (marks & mark.name) === 0 ? frequentMax : nameRankMax;
}

/** UTF-8 without TextDecoder, which this package's platform does not promise. */
function text(bytes: Uint8Array): string {
  return strFromU8(bytes);
}
