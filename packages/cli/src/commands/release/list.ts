// `release list`: one line each, newest first; --save keeps the vault's signed list.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import { writeOwnerFile } from '../../home/owner-file.ts';
import { newestList } from '../../home/release-list.ts';
import type { Session } from '../../session.ts';
import type { ListOptions } from './command.ts';
import { releaseLine } from './facts.ts';

export async function run({ home, out }: Session, options: ListOptions): Promise<undefined> {
  const { client, charter, vaultKey } = await openDesk(home, options.url);
  const { releases } = await call(client, personRoutes.releases, {});
  const lines = releases.map(releaseLine);
  if (options.save !== undefined) {
    const { bytes } = await newestList(client, charter, vaultKey);
    await writeOwnerFile(options.save, bytes);
  }
  out.print({ releases }, lines.length > 0 ? lines : ['There are no releases.']);
}
