// The values that must never come out again: made anew in every run, each for the one way in by
// which it reaches the screen or the keyboard.
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { secretKinds } from './secrets.ts';

export const inlets = ['password', 'allowed-field', 'blocked-window', 'title', 'url'] as const;

const plantedSchema = z.object({
  inlet: z.enum(inlets),
  value: z.string().min(4).max(200),
});

export interface Planted extends z.infer<typeof plantedSchema> {
  /** The part of the value that must not come out; words that introduce it may. */
  readonly secret: string;
}

const plantedLinesMax = 500;
const plantFileBytesMax = 1_048_576;
const counts = { password: 12, 'blocked-window': 16, title: 18, url: 16 } as const;
const secretsEach = 2;

/** At least 100 values over all inlets. */
export function plant(): readonly Planted[] {
  const free = ([...Object.entries(counts)] as [keyof typeof counts, number][]).flatMap(
    ([inlet, count]) =>
      Array.from({ length: count }, () => whole(inlet, phrase(inlet === 'password'))),
  );
  const secrets = Array.from({ length: secretsEach }, () => Object.values(secretKinds))
    .flat()
    .map((make) => {
      const made = make();
      if (typeof made === 'string') return whole('allowed-field', made);
      const [before, secret, after = ''] = made;
      return { inlet: 'allowed-field' as const, value: `${before}${secret}${after}`, secret };
    });
  return [...free, ...secrets];
}

function whole(inlet: Planted['inlet'], value: string): Planted {
  return { inlet, value, secret: value };
}

const syllables = [
  ...['bra', 'cho', 'dwi', 'fle', 'gru', 'hax', 'jor', 'kly', 'lum', 'mez', 'nyx', 'obo'],
  ...['pra', 'quo', 'rhu', 'sve', 'tzi', 'ulm', 'vex', 'wyr', 'yaz', 'zog', 'eft', 'ipt'],
] as const;

/** Words that stand in no list: letters only, or with a digit and a sign as passwords have. */
function phrase(asPassword: boolean): string {
  const word = () => Array.from({ length: 3 }, () => pick(syllables)).join('');
  return asPassword ? `${word()}!${randomInt(10, 99)}${pick(syllables)}` : `${word()} ${word()}`;
}

function pick<T>(list: readonly T[]): T {
  const chosen = list[randomInt(list.length)];
  if (chosen === undefined) throw new HandrailError('internal', 'Nothing to choose from.');
  return chosen;
}

/** An outsider's lines `{"inlet","value"}`. Throws `input.invalid` or `input.too-large`. */
export async function readPlantFile(file: string): Promise<readonly Planted[]> {
  const text = await readFile(file, 'utf8');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (text.length > plantFileBytesMax || lines.length > plantedLinesMax) {
    const limit = `${plantedLinesMax} lines and ${plantFileBytesMax} letters`;
    throw new HandrailError('input.too-large', `Plant at most ${limit}.`);
  }
  return lines.map((line, at) => {
    const parsed = plantedSchema.safeParse(jsonOf(line));
    if (parsed.success) return whole(parsed.data.inlet, parsed.data.value);
    const shape = '{"inlet","value"} with an inlet that the help names and 4 to 200 letters';
    throw new HandrailError('input.invalid', `Line ${at + 1} of the plant file is not ${shape}.`);
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
