// `programme show`: whether it runs, and what waits for signatures.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ProgrammeOptions } from './command.ts';
import { sayState } from './say-state.ts';

export async function run({ home, out }: Session, options: ProgrammeOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  return sayState(out, await call(client, personRoutes.programmeState, {}));
}
