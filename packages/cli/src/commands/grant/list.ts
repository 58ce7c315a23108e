// `grant list`: one line each, with what is missing.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { GrantOptions } from './command.ts';
import { scopeWords } from './words.ts';

export async function run({ home, out }: Session, options: GrantOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { grants } = await call(client, personRoutes.grants, {});
  const shown = grants.map(({ grant, digest, state, until, approvals }) => ({
    id: grant.id,
    digest,
    state,
    ...(until === undefined ? {} : { until }),
    approvals: approvals.length,
    holder: grant.holder,
    purpose: grant.purpose,
    tier: grant.tier,
    scope: grant.scope,
    hours: grant.hours,
    reason: grant.reason,
  }));
  const lines = shown.map(
    (one) => `${one.id} ${one.state}${one.until ? ` until ${one.until}` : ''}: ${scopeWords(one)}`,
  );
  out.print({ grants: shown }, lines.length > 0 ? lines : ['There are no grants.']);
}
