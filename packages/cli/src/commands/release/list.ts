// `release list`: one line each, newest first.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ReleaseOptions } from './command.ts';
import { releaseLine } from './facts.ts';

export async function run({ home, out }: Session, options: ReleaseOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { releases } = await call(client, personRoutes.releases, {});
  const lines = releases.map(releaseLine);
  out.print({ releases }, lines.length > 0 ? lines : ['There are no releases.']);
}
