// A model of the vault's own that finds names, where its settings name one. It is the file that was
// agreed on, or the vault does not start.
import { readFile } from 'node:fs/promises';
import { HandrailError } from '@handrail/core/errors';
import { loadRecogniser } from '@handrail/core/redact';
import type { VaultConfig } from '../../config.ts';
import type { LocalModel } from '../../worker/task.ts';

/** Throws `usage.invalid` where it cannot be read, `redaction.failed` where it is another one. */
export async function readModel(named: VaultConfig['model']): Promise<LocalModel | undefined> {
  if (named === undefined) return undefined;
  const { file, sha256 } = named;
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new HandrailError('usage.invalid', `The model ${file} cannot be read.`, { cause });
  });
  await loadRecogniser(bytes, sha256);
  return { bytes, sha256 };
}
