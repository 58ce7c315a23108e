// `restore`: a backup of any age, under the newest record.
import { join, resolve } from 'node:path';
import { makePrivateFolder } from '@handrail/agent/home/files';
import { placesOf } from '../../backup/places.ts';
import { restore, unfinishedMark } from '../../backup/restore.ts';
import { defaultDataFolder } from '../../config.ts';
import type { Session } from '../../session.ts';
import { takeLock } from '../../witness/process-lock.ts';
import { layoutOf } from '../up/layout.ts';
import type { RestoreOptions } from './command.ts';

export async function run({ out }: Session, options: RestoreOptions, dir = ''): Promise<undefined> {
  const layout = layoutOf(resolve(options.data ?? defaultDataFolder()));
  await makePrivateFolder(layout.data);
  const unlock = await takeLock(layout.lock);
  try {
    const record = options.record === undefined ? undefined : resolve(options.record);
    const mark = join(layout.data, unfinishedMark);
    const restoring = restore(placesOf(layout), resolve(dir), record, mark);
    const { ledgerSize, hasRoot } = await out.during('Restoring', restoring);
    out.print({ data: layout.data, ledgerSize, hasRoot }, [
      `${layout.data}: restored, under a ledger of ${ledgerSize} entries.`,
      'When it starts, what was taken back since the backup is taken back again.',
      ...(hasRoot ? [] : ['The key root is not here: what was sealed stays shut for good.']),
    ]);
  } finally {
    await unlock();
  }
}
