// Outside recordings and labelled texts are not part of the project. Tests ask here where they
// are, and say what they skipped when they are absent.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Path of an outside fixture such as `presidio-synth-v2/synth_dataset_v2.json`, if present. */
export function fixturePath(name: string): string | undefined {
  const folder = process.env.HANDRAIL_FIXTURES ?? join(root, '../shared/fixtures');
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}
