// `hold list`: which holds are asked for, stand, or have ended.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { HoldOptions } from './command.ts';
import { holdLine } from './say-hold.ts';

export async function run({ home, out }: Session, options: HoldOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { holds } = await call(client, personRoutes.holds, {});
  out.print({ holds }, holds.length > 0 ? holds.map(holdLine) : ['There is no hold.']);
}
