import '@handrail/testbed/redaction-sources';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordKey } from './word-key.ts';
import { addWord, mark, marksOf, wordTable } from './word-table.ts';
import { marksOfWord } from './words.ts';

test('a table tells the marks of what was added, and nothing of what was not', () => {
  const words = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 300 });
  const check = (added: readonly string[], other: string): void => {
    const table = wordTable(1024);
    added.forEach((word, at) => {
      addWord(table, word, at % 2 === 0 ? mark.name : mark.town);
    });
    added.forEach((word, at) => {
      expect(marksOf(table, word)).toBe(at % 2 === 0 ? mark.name : mark.town);
    });
    if (!added.includes(other)) expect(marksOf(table, other)).toBe(0);
  };
  fc.assert(fc.property(words, fc.string({ minLength: 1 }), check));
});

test('a word has one key, however it is written', () => {
  for (const written of ['Kovačević', 'KOVACEVIC', 'kovac\u030Cevic\u0301']) {
    expect(wordKey(written)).toBe('kovacevic');
  }
  expect(wordKey('Łødz-Straße')).toBe('lodz-strasse');
  expect(wordKey('ΓΙΏΡΓΟΣ')).toBe(wordKey('γιώργος'));
});

test.each([
  ['Miriam', mark.name | mark.given],
  ['Okonkwo', mark.name],
  ['Иванов', mark.name],
  ['Wuppertal', mark.town],
  ['New Zealand', mark.region],
  ['Neuseeland', mark.region],
  ['between', mark.word],
  ['kubernetes', mark.word],
  ['zwischen', mark.foreign],
  ['abandon', mark.seed],
])('the lists know %s', (word, marks) => {
  expect(marksOfWord(wordKey(word)) & marks).toBe(marks);
});

test.each(['xqzzyv', 'Brumpflinger'])('no list knows %s', (word) => {
  expect(marksOfWord(wordKey(word))).toBe(0);
});
