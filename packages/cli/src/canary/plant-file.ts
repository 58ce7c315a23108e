// Values of outsiders, a line of JSON each: what Handrail's own lists do not think of.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';
import { inlets } from './inlets.ts';
import type { Planted } from './plant.ts';
import { classes } from './values/classes.ts';

const linesMax = 500;
const fileBytesMax = 1_048_576;
const unnamedClass = 'outside';

const lineSchema = z.object({
  // `allowed-field` is what `typed` was called before.
  inlet: z.enum([...inlets, 'allowed-field']).transform((name) => {
    return name === 'allowed-field' ? 'typed' : name;
  }),
  value: z.string().min(4).max(200),
  class: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .default(unnamedClass),
});

/** Lines `{"inlet","value","class"?}`. Throws `input.invalid` or `input.too-large`. */
export async function readPlantFile(file: string): Promise<readonly Planted[]> {
  const text = await readFile(file, 'utf8');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (text.length > fileBytesMax || lines.length > linesMax) {
    const limit = `${linesMax} lines and ${fileBytesMax} letters`;
    throw new HandrailError('input.too-large', `Plant at most ${limit}.`);
  }
  return lines.map((line, at) => {
    const parsed = lineSchema.safeParse(jsonOf(line));
    if (parsed.success) return planted(parsed.data);
    const shape = '{"inlet","value","class"?} with an inlet that the help names, 4 to 200 letters';
    throw new HandrailError('input.invalid', `Line ${at + 1} of the plant file is not ${shape}.`);
  });
}

/** A class that nothing is known about must not come out, like a secret. */
function planted({ inlet, value, class: name }: z.infer<typeof lineSchema>): Planted {
  const known = classes.find((each) => each.name === name);
  return { inlet, class: name, value, secret: value, gated: known?.gated ?? true };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
