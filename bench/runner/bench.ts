// A bench is a file `bench/NAME.ts` that exports `run()`. It starts real parts, measures, stops
// them, and gives back figures; ratios compare within one run.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Figures by name; the unit is the last word of the name (`eventsPerSecond`, `rssMib`). */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

export interface Bench {
  readonly run: () => Promise<BenchResult>;
}

/** Names of the benches in a folder, sorted. */
export async function listBenches(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^[a-z0-9-]+\.ts$/.test(entry.name))
    .map((entry) => entry.name.slice(0, -'.ts'.length))
    .filter((name) => name !== 'main')
    .sort();
}

/** Throws when the file exports no `run`. */
export async function loadBench(folder: string, name: string): Promise<Bench> {
  const loaded: unknown = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
  if (isBench(loaded)) return loaded;
  throw new Error(`bench/${name}.ts must export an async function run().`);
}

function isBench(value: unknown): value is Bench {
  return (
    typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'function'
  );
}
