// `manifest approve`: one more signature over the very same manifest, which is shown.
import { fromHex } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { manifestHash, sign } from '@handrail/core/statement';
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
  const { client, signer, charter } = await openDesk(home, options.url);
  const { manifests } = await call(client, personRoutes.manifests, {});
  const found = manifests.find((one) => one.id === id);
  if (found === undefined) {
    throw new HandrailError('not.found', `There is no manifest ${id}: see handrail manifest show.`);
  }
  const { payload } = found.statement;
  if (
    idOf('man', fromHex(manifestHash(payload))) !== id ||
    payload.programme !== charter.programme
  ) {
    throw new HandrailError(
      'signature.invalid',
      'The server shows another manifest than was named.',
    );
  }
  for (const line of manifestLines(payload.manifest)) out.note(line);
  const statement = await sign(payload, signer);
  const { state } = await call(client, personRoutes.approveManifest, {
    params: { id },
    body: { statement },
  });
  out.print({ id, state }, [`${id} is ${state}.`]);
}
