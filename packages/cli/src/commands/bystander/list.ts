// `bystander list`: requests by their digests; what they seek stands nowhere.
import { bystanderRoutes, call } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { BystanderOptions } from './command.ts';
import { requestLines } from './say-request.ts';

export async function run({ home, out }: Session, options: BystanderOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { requests } = await call(client, bystanderRoutes.requests, {});
  const lines = requests.flatMap((request) => {
    const signatures = request.statement?.signatures.length ?? 0;
    return [...requestLines(request), `Signed by ${signatures}.`];
  });
  out.print({ requests }, lines.length > 0 ? lines : ['Nobody has asked.']);
}
