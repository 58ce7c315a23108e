// `release show`: the facts of one release.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ReleaseOptions } from './command.ts';
import { releaseLine } from './facts.ts';

export async function run(
  { home, out }: Session,
  options: ReleaseOptions,
  id = '',
): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const facts = await call(client, personRoutes.release, { params: { id } });
  out.print(facts, [
    releaseLine(facts),
    `  grant:    ${facts.grant}`,
    `  manifest: ${facts.manifestDigest ?? 'none yet'}`,
    `  contexts: ${facts.recipe.contexts.map(({ app, origin }) => origin ?? app).join(', ')}`,
  ]);
}
