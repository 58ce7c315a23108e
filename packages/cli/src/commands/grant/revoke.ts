// `grant revoke`: one person of the charter is enough to end a grant.

import { requireId } from '@handrail/core/ids';
import { sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { GrantOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: GrantOptions,
  id = '',
): Promise<undefined> {
  const grant = requireId('grant', id);
  const { client, signer, charter } = await openDesk(home, options.url);
  const { programme } = charter;
  const payload = { v: 1, kind: 'revocation', programme, at: instantNow(), grant } as const;
  const body = { revocation: await sign(payload, signer) };
  const { digest, state } = await call(client, personRoutes.revokeGrant, { params: { id }, body });
  out.print({ id, digest, state }, [`${id} is ${state}.`]);
}
