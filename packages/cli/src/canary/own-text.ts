// Values that stand in Handrail's own sources: wherever it runs, copies of those are kept, and an
// example of a rule there would count as a value that came out. Such values are not planted.
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ByteSearch } from './read-back/byte-search.ts';
import { filesIn } from './read-back/scan-files.ts';

const packages = fileURLToPath(new URL('../../..', import.meta.url));
/** The canary itself is not what it measures. */
const sources = /^[a-z]+\/(?:src|bin)\/(?!canary\/|.*\.test\.).*\.[jt]s$/;

/** Those of which not enough stands there to count as recovered. */
export async function notInOwnText<V extends { readonly secret: string }>(
  values: readonly V[],
): Promise<readonly V[]> {
  const search = new ByteSearch(values.map(({ secret }) => secret));
  const found = new Set<number>();
  for await (const file of filesIn(packages)) {
    if (!sources.test(relative(packages, file))) continue;
    for (const value of search.in(await readFile(file))) found.add(value);
  }
  return values.filter((_, at) => !found.has(at));
}
