// Random letters, digits and numbers, and the shape that every made value has.
import { randomInt } from 'node:crypto';
import { HandrailError } from '@handrail/core/errors';

export const digit = '0123456789';
export const lower = 'abcdefghijklmnopqrstuvwxyz';
export const upper = lower.toUpperCase();
export const word = upper + lower + digit;
export const hexDigit = '0123456789abcdef';
export const base32 = `${upper}234567`;

/** A value, or one between words that introduce it; only the value must not come out. */
export type Made = string | readonly [before: string, value: string, after?: string];
export type Maker = () => Made;

export function some(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

export const digits = (length: number): string => some(digit, length);

/** A number of a range, the end excluded, with leading zeros up to `width`. */
export function number(from: number, to: number, width = 0): string {
  return String(randomInt(from, to)).padStart(width, '0');
}

export function pick<T>(list: readonly T[]): T {
  const chosen = list[randomInt(list.length)];
  if (chosen === undefined) throw new HandrailError('internal', 'Nothing to choose from.');
  return chosen;
}

const consonants = [...'bcdfghjklmnprstvwz'];
const vowels = [...'aeiou'];

/** A word that stands in no list, of so many syllables. */
export function madeWord(count: number): string {
  const syllable = () => `${pick(consonants)}${pick(vowels)}${pick(consonants)}`;
  return Array.from({ length: count }, syllable).join('');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
