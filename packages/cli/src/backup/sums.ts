// The list of a backup's files, in the form of `sha256sum`: who has the backup can check it without
// us, and nothing that was damaged or added is restored.
import { join } from 'node:path';
import { readFileIfAny, writeFileDurably } from '@handrail/agent/home/files';
import { fromUtf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { filesIn, type Sums, sumOfFile } from './copy-tree.ts';

const sumsName = 'SHA256SUMS';
const line = /^([0-9a-f]{64}) {2}(.+)$/;

export async function writeSums(backup: string, sums: Sums): Promise<void> {
  const lines = [...sums].map(([path, sum]) => `${sum}  ${path}\n`);
  await writeFileDurably(join(backup, sumsName), lines.join(''));
}

/** Throws `usage.invalid` for a folder that is no backup, `storage.broken` for a damaged one. */
export async function checkSums(backup: string): Promise<void> {
  const bytes = await readFileIfAny(join(backup, sumsName));
  if (bytes === undefined) {
    throw new HandrailError('usage.invalid', `${backup} is no backup, or an unfinished one.`);
  }
  const sums = new Map<string, string>();
  for (const text of fromUtf8(bytes).split('\n').filter(Boolean)) {
    const [, sum = '', path = ''] = line.exec(text) ?? [];
    sums.set(path, sum);
  }
  const there = (await filesIn(backup)).filter((path) => path !== sumsName);
  for (const path of new Set([...there, ...sums.keys()])) {
    const sum = there.includes(path) ? await sumOfFile(join(backup, path)) : undefined;
    if (sum !== undefined && sum === sums.get(path)) continue;
    throw new HandrailError('storage.broken', `${path} of the backup is missing or changed.`);
  }
}
