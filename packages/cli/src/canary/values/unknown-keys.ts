// Keys of vendors that do not exist: nothing about them is known but that they are random.
import { randomBytes } from 'node:crypto';
import { hexDigit, lower, type Maker, madeWord, some, upper, word } from './alphabet.ts';

export const unknownKeys: Readonly<Record<string, Maker>> = {
  prefixed: () => `${some(lower, 3)}_${some(word, 36)}`,
  staged: () => `${madeWord(2)}_live_${some(word, 32)}`,
  dotted: () => `${some(lower, 2)}1.${some(word, 20)}.${some(word, 30)}`,
  bare: () => some(word, 40),
  bareHex: () => some(hexDigit, 40),
  bareBase64: () => randomBytes(33).toString('base64'),
  labelled: () => [`${madeWord(2)} API key: `, some(word, 28)],
  header: () => [`X-${madeWord(2)}-Token: `, some(word, 32)],
  variable: () => [`${madeWord(2).toUpperCase()}_SECRET=`, some(upper + lower, 26)],
  spokenPassword: () => ['password: ', `${madeWord(2)}${some(word, 6)}`],
};
