import { expect, test } from 'vitest';
import { makeKeymap } from './keymap.ts';
import { KeymapHistory, parseMappingChange } from './keymap-history.ts';
import { nameOfKeysym, textOfKeysym } from './keysym-names.ts';

const [a, one, keypad, alt, numLock, altGr, euroKey, cyrillic, superKey] = [
  8, 9, 10, 11, 12, 13, 14, 15, 16,
];
const mapping = {
  first: 8,
  rows: [
    [0x61, 0x41],
    [0x31, 0x21],
    [0xff95, 0xffb7],
    [0xffe9, 0xffe7],
    [0xff7f],
    [0xfe03],
    [0x65, 0x45, 0, 0, 0x20ac],
    [0x66, 0x46, 0x6c1, 0x6e1],
    [0xffeb],
  ],
  modifierRows: [[], [], [], [alt], [numLock], [altGr], [superKey], []],
};
const [shift, lock, control, mod1, mod2, mod3, mod4] = [1, 2, 4, 8, 16, 32, 64];
const secondGroup = 1 << 13;
const keymap = makeKeymap(mapping);
const text = (keycode: number, state: number) => keymap.meaning(keycode, state).text;

test('shift and caps lock choose the case, and cancel each other', () => {
  expect([0, shift, lock, shift | lock].map((state) => text(a, state))).toEqual([
    'a',
    'A',
    'A',
    'a',
  ]);
  expect([0, shift, lock, shift | lock].map((state) => text(one, state))).toEqual([
    '1',
    '!',
    '1',
    '!',
  ]);
});

test('num lock turns the keypad into digits, and shift turns it back', () => {
  expect(keymap.meaning(keypad, 0)).toEqual({ keysym: 0xff95, text: undefined, name: 'home' });
  expect(text(keypad, mod2)).toBe('7');
  expect(text(keypad, mod2 | shift)).toBeUndefined();
});

test('a key under ctrl, alt or meta writes nothing and keeps its name', () => {
  for (const state of [control, mod1, mod4, control | shift]) {
    expect(keymap.meaning(a, state)).toMatchObject({ text: undefined, name: 'a' });
  }
  expect(keymap.modifiers(shift | control | mod1 | mod4 | mod2)).toEqual([
    'shift',
    'ctrl',
    'alt',
    'meta',
  ]);
});

test('the third level and the second group are other characters of the same key', () => {
  expect(text(euroKey, mod3)).toBe('€');
  expect(keymap.meaning(cyrillic, secondGroup)).toMatchObject({ text: 'а', name: 'f' });
  expect(text(cyrillic, secondGroup | shift)).toBe('А');
  expect(text(a, secondGroup)).toBe('a');
});

test('characters come from Latin-1, Unicode and older sets, and dead keys write nothing', () => {
  const texts = [0xe9, 0x0100_20ac, 0x20ac, 0x7e1, 0xffb5].map(textOfKeysym);
  expect(texts).toEqual(['é', '€', '€', 'α', '5']);
  expect([0xfe51, 0xff0d, 0xff1b, 0].map(textOfKeysym)).toEqual(Array(4).fill(undefined));
  expect([0xff0d, 0xffbe, 0xffc9, 0].map(nameOfKeysym)).toEqual(['enter', 'f1', 'f12', 'keysym-0']);
});

test('a changed mapping holds for what was typed after it, and only for that', () => {
  const history = new KeymapHistory(mapping);
  const typed = (time: number) => history.at(time).meaning(a, 0).text;
  const change = (serverTime: number, keysym: number) =>
    history.change({ serverTime, first: a, rows: [[keysym]] });
  change(100, 0xe9);
  expect(typed(101)).toBe('é');
  // Read when the change had been undone: older keystrokes still mean what they meant.
  history.wasRead(200, mapping);
  expect(typed(150)).toBe('é');
  change(210, 0xfc);
  expect(typed(211)).toBe('ü');
  expect(typed(212)).toBe('ü');
});

test('a mapping change that is cut short or of another kind is none', () => {
  const request = Buffer.alloc(16);
  request.writeUInt32LE(77, 0);
  request.set([100, 1, 3, 0, 8, 1], 4);
  request.writeUInt32LE(0xe9, 12);
  expect(parseMappingChange(request)).toEqual({ serverTime: 77, first: 8, rows: [[0xe9]] });
  expect(parseMappingChange(request.subarray(0, 15))).toBeUndefined();
  expect(parseMappingChange(request.subarray(0, 5))).toBeUndefined();
  request[4] = 99;
  expect(parseMappingChange(request)).toBeUndefined();
});
