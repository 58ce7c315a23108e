// Reads a JSON file that a person wrote; what is wrong is said by the name of the field, never by
// its value.
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import type { z } from 'zod';
import { readInputFile } from './input-file.ts';

const fileBytesMax = 4 * 1024 * 1024;

/** Throws `usage.invalid` for a file that is not JSON of `schema`, whose `form` is named. */
export async function readJsonFile<S extends z.ZodType>(
  path: string,
  schema: S,
  form: string,
): Promise<z.infer<S>> {
  const parsed = schema.safeParse(jsonOf(await readInputFile(path, fileBytesMax), path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...unknown.slice(0, 1)].join('.') || 'its fields';
  throw new HandrailError('usage.invalid', `${path} is no ${form}: look at ${field}.`);
}

function jsonOf(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    throw new HandrailError('usage.invalid', `${path} is not JSON.`, { cause });
  }
}
