// `bystander approve`: signs for one request by its digest, in the words that were signed first.
import { HandrailError } from '@handrail/core/errors';
import { type BystanderRemoval, sign } from '@handrail/core/statement';
import { bystanderRoutes, call } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { BystanderOptions } from './command.ts';
import { requestLines } from './say-request.ts';

export async function run(
  { home, out }: Session,
  options: BystanderOptions,
  digest = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { requests } = await call(client, bystanderRoutes.requests, {});
  const known = requests.find(({ request }) => request === digest);
  if (known === undefined) {
    throw new HandrailError(
      'not.found',
      'There is no such request: run "handrail bystander list".',
    );
  }
  const { programme } = charter;
  const at = known.statement?.payload.at ?? instantNow();
  const payload: BystanderRemoval = {
    v: 1,
    kind: 'bystander-removal',
    programme,
    request: digest,
    at,
  };
  out.note(
    'You sign that all recordings are looked through by the vault, unread, for this request.',
  );
  const statement = await sign(payload, signer);
  const view = await call(client, bystanderRoutes.decide, { body: { statement } });
  out.print(view, requestLines(view));
}
