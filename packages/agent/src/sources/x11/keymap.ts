// Keycode and modifier state to keysym, text and name, by the server's own keyboard mapping
// (X protocol, "Keyboards": two groups of two levels, and level three as XKB adds it).
import type { Modifier } from '@handrail/core/observation';
import type { XConnection } from './connection.ts';
import { nameOfKeysym, textOfKeysym } from './keysym-names.ts';

const shiftMask = 1;
const lockMask = 2;
const controlMask = 4;
const numLockKeysym = 0xff7f;
const levelThreeKeysyms = [0xfe03, 0xff7e];
const altKeysyms = [0xffe9, 0xffea];
const metaKeysyms = [0xffeb, 0xffec, 0xffed, 0xffee];
/** Meta is an alias of Alt on most layouts: on its own modifier it counts as meta. */
const bareMetaKeysyms = [0xffe7, 0xffe8];

export interface KeyMeaning {
  readonly keysym: number;
  readonly text: string | undefined;
  readonly name: string;
}

export interface Keymap {
  meaning(keycode: number, state: number): KeyMeaning;
  modifiers(state: number): readonly Modifier[];
}

interface Masks {
  readonly alt: number;
  readonly meta: number;
  readonly numLock: number;
  readonly levelThree: number;
}

/** The server's mapping as it was read: keysyms by keycode from `first`, keycodes by modifier. */
export interface RawMapping {
  readonly first: number;
  readonly rows: readonly (readonly number[])[];
  readonly modifierRows: readonly (readonly number[])[];
}

/** Reads the mapping of this moment. */
export async function readMapping(connection: XConnection): Promise<RawMapping> {
  const { min_keycode: first, max_keycode: last } = connection.display;
  const [rows, modifierRows] = await Promise.all([
    connection.ask<readonly number[][]>((client, done) =>
      client.GetKeyboardMapping(first, last - first + 1, done),
    ),
    connection.ask<readonly number[][]>((client, done) => client.GetModifierMapping(done)),
  ]);
  return { first, rows, modifierRows };
}

export function makeKeymap({ first, rows, modifierRows }: RawMapping): Keymap {
  const rowOf = (keycode: number) => rows[keycode - first] ?? [];
  const masks = readMasks(rowOf, modifierRows);
  const shortcut = controlMask | masks.alt | masks.meta;
  return {
    meaning: (keycode, state) => {
      const row = rowOf(keycode);
      const keysym = keysymOf(row, state, masks);
      const text = state & shortcut ? undefined : textOfKeysym(keysym);
      return { keysym, text, name: nameOfKeysym(row[0] || keysym) };
    },
    modifiers: (state) => modifiersOf(state, masks),
  };
}

function modifiersOf(state: number, masks: Masks): readonly Modifier[] {
  const held: Modifier[] = [];
  if (state & shiftMask) held.push('shift');
  if (state & controlMask) held.push('ctrl');
  if (state & masks.alt) held.push('alt');
  if (state & masks.meta) held.push('meta');
  return held;
}

function readMasks(
  rowOf: (keycode: number) => readonly number[],
  modifierRows: readonly (readonly number[])[],
): Masks {
  const maskOf = (wanted: readonly number[]) =>
    modifierRows.slice(3).reduce((mask, keycodes, index) => {
      const has = keycodes.some((keycode) => rowOf(keycode).some((sym) => wanted.includes(sym)));
      return has ? mask | (1 << (index + 3)) : mask;
    }, 0);
  const alt = maskOf(altKeysyms);
  return {
    alt,
    meta: (maskOf(metaKeysyms) | maskOf(bareMetaKeysyms)) & ~alt,
    numLock: maskOf([numLockKeysym]),
    levelThree: maskOf(levelThreeKeysyms),
  };
}

function keysymOf(row: readonly number[], state: number, masks: Masks): number {
  const group = (state >> 13) & 3 && (row[2] || row[3]) ? 2 : 0;
  const levelThree = state & masks.levelThree ? 4 : 0;
  const pair = levelThree && (row[group + 4] || row[group + 5]) ? group + 4 : group;
  const low = row[pair] ?? 0;
  const high = row[pair + 1] ?? 0;
  const shift = (state & shiftMask) !== 0;
  if (isKeypad(high)) return shift === ((state & masks.numLock) !== 0) ? low : high;
  if (isLetter(low, high)) return shift === ((state & lockMask) !== 0) ? low : upper(low, high);
  return shift && high ? high : low;
}

function isKeypad(keysym: number): boolean {
  return keysym >= 0xff80 && keysym <= 0xffbd;
}

/** A key with the two cases of one letter: Caps Lock acts on these only. */
function isLetter(low: number, high: number): boolean {
  const text = textOfKeysym(low);
  if (!text || text.toUpperCase() === text) return false;
  return high === 0 || high === low || textOfKeysym(high) === text.toUpperCase();
}

function upper(low: number, high: number): number {
  if (high && high !== low) return high;
  const code = textOfKeysym(low)?.toUpperCase().codePointAt(0) ?? low;
  return code <= 0xff ? code : code + 0x0100_0000;
}
