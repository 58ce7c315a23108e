// `manifest set`: a charter person signs the next manifest of the programme.
import { manifestFileSchema, sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import { readJsonFile } from '../../home/json-file.ts';
import type { Session } from '../../session.ts';
import type { ManifestOptions } from './command.ts';

export async function run(
  { home, out }: Session,
  options: ManifestOptions,
  file = '',
): Promise<undefined> {
  const manifest = await readJsonFile(file, manifestFileSchema, 'capture manifest of version 1');
  const { client, signer, charter } = await openDesk(home, options.url);
  const { manifests } = await call(client, personRoutes.manifests, {});
  const numbers = manifests.map(({ statement }) => statement.payload.number);
  const payload = {
    v: 1,
    kind: 'manifest',
    programme: charter.programme,
    number: Math.max(0, ...numbers) + 1,
    at: instantNow(),
    manifest,
  } as const;
  const statement = await sign(payload, signer);
  const { id, state } = await call(client, personRoutes.setManifest, { body: { statement } });
  out.print({ id, state }, [
    state === 'active'
      ? `${id} is active: it captures no more than the one before.`
      : `${id} is pending: a person of another role runs "handrail manifest approve ${id}".`,
  ]);
}
