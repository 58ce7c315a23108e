// `backup`: of an organisation that stands still, or of its record alone.
import { resolve } from 'node:path';
import { backUp, backUpRecord } from '../../backup/back-up.ts';
import { placesOf } from '../../backup/places.ts';
import { defaultDataFolder } from '../../config.ts';
import type { Session } from '../../session.ts';
import { takeLock } from '../../witness/process-lock.ts';
import { layoutOf } from '../up/layout.ts';
import type { BackupOptions } from './command.ts';

export async function run({ out }: Session, options: BackupOptions): Promise<undefined> {
  const layout = layoutOf(resolve(options.data ?? defaultDataFolder()));
  const folder = resolve(options.out);
  const places = placesOf(layout);
  if (options.record) {
    const files = await out.during('Copying', backUpRecord(places, folder));
    out.print({ dir: folder, files }, [`${folder}: ledger, statements and journal.`]);
    return;
  }
  const unlock = await takeLock(layout.lock);
  try {
    const files = await out.during('Copying', backUp(places, folder));
    out.print({ dir: folder, files }, [
      `${folder}: ${files} files, all but the vault's own keys.`,
      'To restore it you need the newest ledger too: handrail backup --record, often.',
    ]);
  } finally {
    await unlock();
  }
}
