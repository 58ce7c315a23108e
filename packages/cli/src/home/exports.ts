// What this home has fetched of releases, so that its holder can be told when one must not be used
// any more. It holds ids and places, nothing of what was exported.
import { join } from 'node:path';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { digestSchema, idSchema, instantSchema } from '@handrail/core/statement';
import { z } from 'zod';

const fileName = 'exports.json';
const exportsMax = 10_000;

const fetchedSchema = z.strictObject({
  release: idSchema('rel'),
  manifest: digestSchema,
  file: z.string(),
  at: instantSchema,
});
export type Fetched = z.infer<typeof fetchedSchema>;
const fileSchema = z.strictObject({ v: z.literal(1), exports: z.array(fetchedSchema) });

/** Oldest first. Throws `storage.broken` for a damaged file. */
export async function fetchedExports(home: string): Promise<readonly Fetched[]> {
  const bytes = await readFileIfAny(join(home, fileName));
  if (bytes === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(fromUtf8(bytes))).exports;
  } catch (cause) {
    throw new HandrailError('storage.broken', `${join(home, fileName)} is damaged.`, { cause });
  }
}

export async function rememberExport(home: string, fetched: Fetched): Promise<void> {
  const exports = [...(await fetchedExports(home)), fetched].slice(-exportsMax);
  await writeFileDurably(join(home, fileName), `${JSON.stringify({ v: 1, exports })}\n`);
}
