// `manifest approve`: one more signature over the very same manifest, which is shown.
import { HandrailError } from '@handrail/core/errors';
import { sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ManifestOptions } from './command.ts';
import { manifestLines } from './contents.ts';

export async function run(
  { home, out }: Session,
  options: ManifestOptions,
  id = '',
): Promise<undefined> {
  const { client, signer } = await openDesk(home, options.url);
  const { manifests } = await call(client, personRoutes.manifests, {});
  const found = manifests.find((one) => one.id === id);
  if (found === undefined) {
    throw new HandrailError('not.found', `There is no manifest ${id}: see handrail manifest show.`);
  }
  for (const line of manifestLines(found.statement.payload.manifest)) out.note(line);
  const statement = await sign(found.statement.payload, signer);
  const { state } = await call(client, personRoutes.approveManifest, {
    params: { id },
    body: { statement },
  });
  out.print({ id, state }, [`${id} is ${state}.`]);
}
