import '@handrail/testbed/redaction-sources';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../events/index.ts';
import { apply, redactedValue, type Surface } from '../redact/index.ts';
import { editsFor, near, nearPart } from './fuzzy.ts';
import { findOnScreen, KnownValues, type ReadWord, type ShownFrame } from './index.ts';
import { readingOf } from './lines.ts';
import { readingsOf } from './readings.ts';
import { skeletonOf } from './skeleton.ts';

const token = 'Zk8vQ2xW9rT4yB7nLm3p';
const other = 'Hq5wJ8dF2sK6gP4vC9xN';
const letterWidth = 8;

/** Words of a line as OCR gives them: one box each, a blank apart. */
function line(text: string, x: number, y: number): ReadWord[] {
  let left = x;
  return text.split(' ').map((word) => {
    const box = { x: left, y, width: word.length * letterWidth, height: 12 };
    left += box.width + 6;
    return { text: word, box };
  });
}

function shown(...lines: ReadWord[][]): ShownFrame {
  return { words: lines.flat(), filled: [] };
}

function fillsOf(frame: ShownFrame, texts: readonly Surface[] = []): Box[] {
  const { fills } = findOnScreen(texts, [frame], new KnownValues());
  return (fills[0] ?? []).map(({ box }) => box);
}

function covers(fills: readonly Box[], { x, y, width, height }: Box): boolean {
  return fills.some((fill) => {
    const within = fill.x <= x && fill.x + fill.width >= x + width;
    return within && fill.y <= y && fill.y + fill.height >= y + height;
  });
}

function filledWords(frame: ShownFrame, texts: readonly Surface[] = []): string[] {
  const fills = fillsOf(frame, texts);
  return frame.words.filter(({ box }) => covers(fills, box)).map(({ text }) => text);
}

describe('what words say together', () => {
  test.each([
    ['an address in pieces', 'write to jane . doe @ example.org now', 'jane . doe @ example.org'],
    ['an address with its signs misread', 'mail jane©example,org now', 'jane©example,org'],
    ['a card with letters for digits', 'card 4l11 1111 1l11 111l paid', '4l11 1111 1l11 111l'],
    ['a card whose checksum fails', 'card 4111 1111 1111 1112 paid', '4111 1111 1111 1112'],
    [
      'an account with a letter too few',
      'to E89 3704 0044 0532 0130 00 today',
      'E89 3704 0044 0532 0130 00',
    ],
  ])('%s is filled, whole', (_what, text, value) => {
    const words = filledWords(shown(line(text, 20, 40)));
    for (const word of value.split(' ')) expect(words).toContain(word);
    expect(words).not.toContain(text.split(' ').at(-1));
  });

  test('a label beside or above a field says what it holds', () => {
    const above = shown(line('Password', 20, 40), line('tigerlily', 24, 62), line('Save', 20, 120));
    expect(filledWords(above)).toEqual(['tigerlily']);
    const beside = shown(line('Password:', 20, 40), line('tigerlily', 200, 40));
    expect(filledWords(beside)).toEqual(['tigerlily']);
    expect(filledWords(shown(line('Lunch', 20, 40), line('tigerlily', 24, 62)))).toEqual([]);
  });

  test('the next label is no value, and cells are filled by themselves', () => {
    const form = shown(
      [...line('API key', 20, 40), ...line('API key', 400, 40)],
      [...line(token, 20, 60), ...line(other, 400, 60)],
      [...line('Password', 20, 90), ...line('Password', 400, 90)],
    );
    expect(filledWords(form)).toEqual([token, other]);
    expect(fillsOf(form).every(({ width }) => width < 300)).toBe(true);
  });

  test('letters that touch a value belong to it', () => {
    const [value] = line(`k_${token}`, 40, 40);
    const head: ReadWord = { text: 's', box: { x: 30, y: 40, width: 8, height: 12 } };
    if (value === undefined) throw new Error('no word');
    expect(filledWords(shown([head, value]))).toEqual(['s', `k_${token}`]);
  });

  test.each(['up', 'down'] as const)('a column that runs %s is read as a line', (turned) => {
    const groups = line('4111 1111 1111 1111 seen', 300, 20);
    const words = groups.map(({ text, box }): ReadWord => {
      const along = turned === 'down' ? box.x : 900 - box.x - box.width;
      const { y: x, width: height, height: width } = box;
      return { text, turned, box: { x, y: along, width, height } };
    });
    expect(filledWords(shown(words))).toEqual(['4111', '1111', '1111', '1111']);
  });

  test('what is filled already is not searched, and is no label', () => {
    const words = line('Password', 20, 40);
    const value = line('tigerlily', 120, 40);
    const frame = { words: [...words, ...value, ...line('Save', 20, 60)], filled: [] };
    expect(filledWords(frame)).toContain('tigerlily');
    const box = { x: 110, y: 35, width: 120, height: 22 };
    expect(fillsOf({ ...frame, filled: [box] })).toEqual([]);
  });
});

describe('one finding set over texts and pixels', () => {
  const surfaces: readonly Surface[] = [
    { kind: 'text', ref: 'event:0', text: `password=${token}` },
    { kind: 'text', ref: 'event:1', text: 'Room 7' },
  ];
  const bare = shown(line(`seen ${token} here`, 20, 40));

  test('a value known from a text alone is filled where a frame shows it', () => {
    const plain = 'tigerlily';
    const typed: Surface = { kind: 'text', ref: 'event:0', text: `password=${plain}` };
    const frame = shown(line(`seen ${plain} here`, 20, 40));
    expect(filledWords(frame, [typed])).toEqual([plain]);
    expect(filledWords(frame)).toEqual([]);
  });

  test('text that is replaced before the pixels are searched leaves the value in them', () => {
    const typed: Surface = { kind: 'text', ref: 'event:0', text: 'password=tigerlily' };
    const frame = shown(line('seen tigerlily here', 20, 40));
    const first = findOnScreen([typed], [], new KnownValues());
    const replaced = redactedValue(apply({ surfaces: [typed] }, first.texts)).surfaces;
    expect(filledWords(frame, replaced)).toEqual([]);
    expect(filledWords(frame, [typed])).toEqual(['tigerlily']);
  });

  test('a value known from a frame alone is replaced in the texts', () => {
    const texts: Surface[] = [{ kind: 'text', ref: 'event:0', text: 'tigerlily' }];
    const frame = shown(line('Password: tigerlily', 20, 40));
    const found = findOnScreen(texts, [frame], new KnownValues());
    expect(redactedValue(apply({ surfaces: texts }, found.texts)).surfaces[0]?.text).toBe(
      '[secret]',
    );
  });

  test('a value of one frame is filled in all others, also half typed or misread', () => {
    const others = [`${token.slice(0, 8)}`, token.replace('8', 'B').replace('W9', 'w9'), 'Room'];
    const frames = [bare, ...others.map((text) => shown(line(text, 20, 40)))];
    const { fills } = findOnScreen(surfaces, frames, new KnownValues());
    expect(fills.map((each) => each.length > 0)).toEqual([true, true, true, false]);
  });

  test('a known value that no rule finds is filled as OCR misreads it', () => {
    const typed: Surface = { kind: 'text', ref: 'event:0', text: 'password=tigerlilybloom' };
    for (const misread of [
      't1ger1i1yb1oom',
      'tigerli1ybIo0rn',
      'tiger lily bloom',
      'tigerlilyblom',
    ]) {
      const frame = shown(line(`seen ${misread} here`, 20, 40));
      const words = filledWords(frame, [typed]);
      for (const word of misread.split(' ')) expect(words).toContain(word);
      expect(filledWords(frame)).toEqual([]);
    }
  });

  test('values go on to later segments, and print nothing', () => {
    const known = new KnownValues();
    findOnScreen(surfaces, [], known);
    expect(findOnScreen([], [bare], known).fills[0]).not.toEqual([]);
    expect(JSON.stringify({ known })).toBe('{"known":"[sensitive]"}');
  });
});

const confusions: readonly (readonly [string, string])[] = [
  ...([
    ['0', 'O'],
    ['1', 'l'],
    ['5', 'S'],
    ['8', 'B'],
    ['m', 'rn'],
    ['2', 'Z'],
  ] as const),
];
const value = fc.stringMatching(/^[a-z0-9]{12,40}$/);

test('what OCR takes for each other has the same skeleton', () => {
  fc.assert(
    fc.property(value, fc.array(fc.nat(confusions.length - 1)), (text, which) => {
      const misread = which.reduce((now, nth) => {
        const [from, to] = confusions[nth] ?? ['', ''];
        return now.replaceAll(from, to);
      }, text);
      expect(skeletonOf(misread).signs).toBe(skeletonOf(text).signs);
    }),
  );
});

test('a value with as many edits as its length allows is found, with all that is left', () => {
  const edit = fc.tuple(fc.nat(), fc.constantFrom('drop', 'add', 'change'));
  fc.assert(
    fc.property(value, fc.array(edit, { maxLength: 8 }), (text, edits) => {
      let changed = text;
      for (const [where, kind] of edits.slice(0, editsFor(text.length))) {
        const at = where % changed.length;
        const rest = changed.slice(kind === 'add' ? at : at + 1);
        changed = changed.slice(0, at) + (kind === 'drop' ? '' : '~') + rest;
      }
      const matches = near(`before ${changed} after`, text);
      const found = matches.map(({ start, end }) => [start, end]);
      expect(found.some(([start = 0, end = 0]) => end - start >= changed.length - 8)).toBe(true);
    }),
  );
});

test('other values of that length are not taken for it', () => {
  expect(near('the quick brown fox jumps over the lazy dog', 'zk8vq2xw9rt4yb7n')).toEqual([]);
  expect(nearPart('berlin', 'zk8vq2xw9rt4yb7n')).toBe(false);
  expect(nearPart('zk8vq2xw', 'zk8vq2xw9rt4yb7n')).toBe(true);
});

test('every reading keeps a word for each of its characters, and fills cover whole words', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (texts) => {
      const words = texts.map((each, at) => {
        return { text: each, box: { x: at * 60, y: 10, width: 50, height: 12 } };
      });
      const reading = readingOf({
        label: undefined,
        words,
        joins: words.map(() => 'word' as const),
      });
      for (const each of readingsOf(reading)) {
        expect(each.owners).toHaveLength(each.text.length);
        expect(Math.max(...each.owners)).toBeLessThan(words.length);
      }
      for (const fill of fillsOf({ words, filled: [] })) {
        const touched = words.filter(
          ({ box }) => fill.x < box.x + 50 && box.x < fill.x + fill.width,
        );
        expect(touched.length).toBeGreaterThan(0);
      }
    }),
  );
});

test('more values than are kept apart are refused', () => {
  const known = new KnownValues();
  expect(() => {
    for (let nth = 0; nth < 5_000; nth++)
      known.add(`${nth.toString(3).replaceAll('0', 'k')}hawaxy`, 'secret');
  }).toThrow(expect.objectContaining({ code: 'input.too-large' }));
});
