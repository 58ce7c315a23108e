// `hold place`: the first of two signatures.
import { HandrailError } from '@handrail/core/errors';
import { idOf, requireId } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { type Hold, holdSchema, sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { PlaceOptions } from './command.ts';
import { sayHold } from './say-hold.ts';

export async function run({ home, out }: Session, options: PlaceOptions): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const payload = holdOf(charter.programme, options);
  const statement = await sign(payload, signer);
  sayHold(out, await call(client, personRoutes.decideHold, { body: { statement } }));
}

function holdOf(programme: string, options: PlaceOptions): Hold {
  const { participant, from, to, reason } = options;
  if ((from === undefined) !== (to === undefined) || (from ?? '') > (to ?? '')) {
    throw new HandrailError('usage.invalid', 'Give --from and --to, in this order, or neither.');
  }
  const parsed = holdSchema.safeParse({
    v: 1,
    kind: 'hold',
    programme,
    hold: idOf('hold', randomBytes(32)),
    at: instantNow(),
    participant: participant === undefined ? null : requireId('part', participant),
    days: from === undefined ? null : { from, to },
    reason,
  });
  if (parsed.success) return parsed.data;
  throw new HandrailError('usage.invalid', 'Give days such as 2026-11-23, and a reason.');
}
