import { readFileSync } from 'node:fs';
import '@handrail/testbed/redaction-sources';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex, utf8 } from '../../bytes/index.ts';
import { plainWord } from '../../statement/index.ts';
import {
  apply,
  disallowedWords,
  findAll,
  findByRule,
  findingClasses,
  redactedValue,
  redactText,
  rulesOf,
  rulesOfCaptured,
  skeletonRule,
  type TextRule,
  textRule,
} from '../index.ts';
import { interfaceWords } from './interface-words.ts';

const vocabulary = textRule({ app: 'a', mode: 'vocabulary', words: ['Invoice', 'Übersicht'] });
const words = vocabulary.mode === 'vocabulary' ? vocabulary.words : new Set<string>();

const piece = fc.oneof(
  fc.constantFrom(...interfaceWords),
  fc.constantFrom(
    'INVOICE',
    'übersicht',
    'Ｓａｖｅ',
    'Sаve',
    'Sa\u200Bve',
    'Ada',
    '12',
    'x',
    '[email]',
  ),
  fc.constantFrom(' ', ', ', '-', '.....', '\n', '€', '🙂', '\u0301', '\uD800', '[', ']', '[word]'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
const placeholder = new RegExp(`\\[(?:${findingClasses.join('|')})\\]`, 'g');

function left(raw: string, rule: TextRule): string {
  return redactedValue(redactText(raw, rule).redacted);
}

test('under a vocabulary no word is left that is not listed', () => {
  fc.assert(
    fc.property(text, (raw) => {
      const rest = left(raw, vocabulary).replaceAll(placeholder, ' ');
      for (const [word] of rest.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
        expect(words.has(plainWord(word))).toBe(true);
      }
      expect(rest.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, '')).toMatch(/^[\s\x20-\x7e]*$/);
    }),
    { numRuns: 1000 },
  );
});

test('in a skeleton nothing is left but placeholders', () => {
  fc.assert(
    fc.property(text, (raw) => {
      expect(left(raw, skeletonRule).replaceAll(placeholder, '')).toBe('');
    }),
  );
});

test('twice is once, so that device and vault agree', () => {
  fc.assert(
    fc.property(text, fc.constantFrom(vocabulary, skeletonRule), (raw, rule) => {
      const record = { surfaces: [{ kind: 'text', ref: 'a', text: raw, rule }] } as const;
      const [onDevice] = redactedValue(apply(record, findAll(record))).surfaces;
      const kept = onDevice?.text ?? '';
      expect(redactText(kept, rule).findings).toEqual([]);
      expect(left(kept, rule)).toBe(kept);
      expect(left(raw, rule)).toBe(kept);
    }),
    { numRuns: 1000 },
  );
});

test('a replacement has a class and never a length', () => {
  for (const raw of ['a', 'harbour ferries', 'x'.repeat(5000), '1 2 3 4', '      ']) {
    expect(left(raw, skeletonRule)).toBe('[text]');
  }
  expect(left('Save 12 secret things, please', vocabulary)).toBe('Save [word]');
  expect(left('Save ........................ Open', vocabulary)).toBe('Save[word]Open');
  expect(left('send to ada@example.org now', vocabulary)).toBe('send to [email] now');
});

test('a value typed where text is masked is still looked for where it is not', () => {
  const surfaces = [
    { kind: 'text', ref: 'a', text: 'ada@example.org', rule: skeletonRule },
    { kind: 'title', ref: 'b', text: 'Letter to ADA@example.org' },
  ] as const;
  const [a, b] = redactedValue(apply({ surfaces }, findAll({ surfaces }))).surfaces;
  expect([a?.text, b?.text]).toEqual(['[text]', 'Letter to [email]']);
});

test('words read from pixels are judged by the same rule', () => {
  const read = ['Save', 'to', 'Invoice,', 'Ada', '—', '12'];
  expect(disallowedWords(read, vocabulary)).toEqual([3, 5]);
  expect(disallowedWords(read, skeletonRule)).toEqual([0, 1, 2, 3, 5]);
  expect(disallowedWords(read, { mode: 'full' })).toEqual([]);
});

const vectors = new URL('../../../../../vectors/modes/texts.json', import.meta.url);

interface Vectors {
  readonly words: string[];
  readonly cases: readonly {
    readonly mode: 'vocabulary' | 'skeleton';
    readonly text: string;
    readonly kept: string;
  }[];
}

test('the vectors hold: what a mode by itself leaves of a text', () => {
  const { words, cases } = JSON.parse(readFileSync(vectors, 'utf8')) as Vectors;
  expect(cases.length).toBeGreaterThan(30);
  for (const { mode, text, kept } of cases) {
    const rule = textRule(mode === 'vocabulary' ? { app: 'a', mode, words } : { app: 'a', mode });
    const findings = findByRule(text, rule).map((finding) => ({ ...finding, ref: 'a' }));
    const record = { surfaces: [{ kind: 'text', ref: 'a', text }] } as const;
    const [left] = redactedValue(apply(record, { findings })).surfaces;
    expect([mode, text, left?.text]).toEqual([mode, text, kept]);
  }
});

test('the built-in words are those that people have accepted with their manifests', () => {
  const digest = toHex(sha256(utf8(interfaceWords.join(' '))));
  expect(digest).toBe('87e18de30cdd12fc0997f2ed02a1b43db649cd762408d47f3c651ed1828af96e');
});

test('every built-in word is in its plain form, of two letters at least, and listed once', () => {
  expect(interfaceWords.every((word) => plainWord(word) === word && word.length > 1)).toBe(true);
  expect(new Set(interfaceWords).size).toBe(interfaceWords.length);
});

test('the manifest decides which rule holds, and what data says can only be stricter', () => {
  const manifest = {
    version: 1,
    signals: ['key'],
    contexts: [
      { app: 'a', mode: 'vocabulary', words: ['invoice'] },
      { app: 'b', mode: 'full' },
      { app: 'b', mode: 'skeleton' },
      { app: 'c', mode: 'full' },
    ],
  } as const;
  const file = structuredClone(manifest) as never as Parameters<typeof rulesOfCaptured>[1];
  const ruleOf = rulesOfCaptured(
    [
      { app: 'a', mode: 'full' },
      { app: 'a', mode: 'skeleton' },
      { app: 'b', mode: 'full' },
      { app: 'c', mode: 'vocabulary' },
      { app: 'unknown', mode: 'full' },
    ],
    file,
  );
  const modes = [0, 1, 2, 3, 4, 5, null].map((context) => ruleOf(context).mode);
  const skeleton = 'skeleton';
  expect(modes).toEqual([
    'vocabulary',
    skeleton,
    skeleton,
    'vocabulary',
    skeleton,
    skeleton,
    skeleton,
  ]);
  const first = ruleOf(0);
  expect(first.mode === 'vocabulary' && first.words.has('invoice')).toBe(true);
  expect(rulesOf([{ app: 'c', mode: 'full' }])(null)).toEqual({ mode: 'full' });
});
