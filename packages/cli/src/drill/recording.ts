// What is recorded in the drill: made up anew in each run, with words that must never come out.
import { randomInt } from 'node:crypto';

const letters = 'bcdfghklmnprstvwz';
const vowels = 'aeiou';
const syllables = 7;

export interface Planted {
  /** What nothing recognises as private: only that it stays sealed protects it. */
  readonly remark: string;
  /** What redaction takes out before anything is sealed. */
  readonly address: string;
}

export function plantWords(): Planted {
  const remark = word();
  return { remark, address: `${word()}@${word()}.example` };
}

function word(): string {
  const pick = (from: string) => from[randomInt(from.length)] ?? '';
  return Array.from({ length: syllables }, () => pick(letters) + pick(vowels)).join('');
}

/** A recording in DuckTrack's form: a click, and both words typed. */
export function recordingOf({ remark, address }: Planted): string {
  const click = { action: 'click', x: 10, y: 20, button: 'left' };
  const lines: object[] = [
    { time_stamp: 1, ...click, pressed: true },
    { time_stamp: 1.1, ...click, pressed: false },
  ];
  for (const [at, letter] of [...`${remark} ${address} `].entries()) {
    const name = letter === ' ' ? 'space' : letter;
    lines.push({ time_stamp: 2 + at / 10, action: 'press', name });
    lines.push({ time_stamp: 2.05 + at / 10, action: 'release', name });
  }
  return lines.map((line) => JSON.stringify(line)).join('\n');
}
