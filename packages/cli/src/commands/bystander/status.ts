// `bystander status`: for whoever has the receipt.
import { clientOf } from '@handrail/agent/home/client';
import { HandrailError } from '@handrail/core/errors';
import { bystanderRoutes, call } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import type { BystanderOptions } from './command.ts';
import { requestLines } from './say-request.ts';

export async function run(
  { out }: Session,
  { url = '' }: BystanderOptions,
  digest = '',
): Promise<undefined> {
  if (!URL.canParse(url) || !/^[0-9a-f]{64}$/.test(digest)) {
    throw new HandrailError('usage.invalid', 'Give the receipt, and --url an address.');
  }
  const client = clientOf(url, undefined);
  const view = await call(client, bystanderRoutes.request, { params: { digest } });
  out.print(view, requestLines(view));
}
