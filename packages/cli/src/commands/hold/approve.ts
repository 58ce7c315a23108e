// `hold approve`: what is signed is the whole hold as shown here, not its name.
import { HandrailError } from '@handrail/core/errors';
import { sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { HoldOptions } from './command.ts';
import { holdWords, sayHold } from './say-hold.ts';

export async function run(
  { home, out }: Session,
  options: HoldOptions,
  id = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { holds } = await call(client, personRoutes.holds, {});
  const payload = holds.find(({ statement }) => statement.payload.hold === id)?.statement.payload;
  if (payload === undefined || payload.programme !== charter.programme) {
    throw new HandrailError('not.found', 'There is no such hold: run "handrail hold list".');
  }
  out.note(`You sign: ${holdWords(payload)}`);
  const statement = await sign(payload, signer);
  sayHold(out, await call(client, personRoutes.decideHold, { body: { statement } }));
}
