// `grant approve`: what is signed is the whole grant as shown here, not its name.
import { HandrailError } from '@handrail/core/errors';
import { grantDigest, grantPrompt, sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { GrantOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: GrantOptions,
  id = '',
): Promise<undefined> {
  const { client, signer, charter } = await openDesk(home, options.url);
  const { grant } = await call(client, personRoutes.grant, { params: { id } });
  if (grant.id !== id || grant.programme !== charter.programme) {
    throw new HandrailError('signature.invalid', 'The server shows another grant than was named.');
  }
  if (grant.prompt !== grantPrompt(grant)) {
    throw new HandrailError('signature.invalid', 'This grant asks something else than it says.');
  }
  for (const line of grant.prompt.split('\n')) out.note(line);
  const programme = charter.programme;
  const payload = { v: 1, kind: 'approval', programme, at: instantNow(), grant } as const;
  const body = { approval: await sign(payload, signer) };
  const view = await call(client, personRoutes.approveGrant, { params: { id }, body });
  const digest = grantDigest(grant);
  const { state, until } = view;
  out.print({ id, digest, state, ...(until === undefined ? {} : { until }) }, [
    state === 'approved'
      ? `${id} is approved until ${until}.`
      : `${id} is ${state}: it takes a person of another role too.`,
  ]);
}
