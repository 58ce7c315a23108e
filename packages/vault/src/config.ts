// The keeper's settings: one JSON file. What is secret stands in files of the vault's folder.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { z } from 'zod';

export const workersMax = 16;

const configSchema = z.strictObject({
  serverUrl: z.url({ protocol: /^https?$/ }),
  /** Identity, key root, charter, epoch floors and last checkpoint: never put it in a snapshot. */
  vaultFolder: z.string().min(1),
  /** Pinned at the first start. */
  charterFile: z.string().min(1).optional(),
  /** The tesseract program; where it is not named it is looked for. */
  tesseract: z.string().startsWith('/').optional(),
  /** A WebAssembly module that finds more names; without this digest the vault does not start. */
  model: z
    .strictObject({ file: z.string().startsWith('/'), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
    .optional(),
  /** Jobs that run at the same time, each in a child process of its own. */
  workers: z.int().min(1).max(workersMax).default(1),
});
export type VaultConfig = z.infer<typeof configSchema>;

/** Throws `usage.invalid` for a file that is missing or has another form. */
export async function readConfig(path: string | undefined): Promise<VaultConfig> {
  if (path === undefined) throw new HandrailError('usage.invalid', 'Name the configuration file.');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new HandrailError('usage.invalid', `${path} cannot be read.`, { cause });
  }
  return parseConfig(text, path);
}

function parseConfig(text: string, path: string): VaultConfig {
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HandrailError('usage.invalid', `${path} is no configuration of a vault.`, { cause });
  }
}
