// `hold release`: signs the release that waits, or a new one.
import { HandrailError } from '@handrail/core/errors';
import { sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { HoldOptions } from './command.ts';
import { sayHold } from './say-hold.ts';

export async function run(
  { home, out }: Session,
  options: HoldOptions,
  id = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { holds } = await call(client, personRoutes.holds, {});
  const known = holds.find(({ statement }) => statement.payload.hold === id);
  if (known === undefined) {
    throw new HandrailError('not.found', 'There is no such hold: run "handrail hold list".');
  }
  if (known.state === 'released') return sayHold(out, known);
  const { programme } = charter;
  const fresh = { v: 1, kind: 'hold-release', programme, hold: id, at: instantNow() } as const;
  const waiting = known.release?.payload;
  const payload = waiting?.hold === id && waiting.programme === programme ? waiting : fresh;
  const statement = await sign(payload, signer);
  sayHold(out, await call(client, personRoutes.decideHold, { body: { statement } }));
}
