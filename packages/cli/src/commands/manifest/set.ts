// `manifest set`: a charter person signs the next manifest of the programme.
import { manifestFileSchema, sign } from '@handrail/core/statement';
import { call, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import { readJsonFile } from '../../home/json-file.ts';
import type { Session } from '../../session.ts';
import type { ManifestOptions } from './command.ts';
import { whyPending } from './why-pending.ts';

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
  const current = manifests.find(({ state }) => state === 'active')?.statement.payload.manifest;
  const { id, state } = await call(client, personRoutes.setManifest, { body: { statement } });
  if (state === 'active') {
    out.print({ id, state }, [`${id} is active: it captures no more than the one before.`]);
    return;
  }
  const why = whyPending(current, manifest);
  out.print({ id, state, why }, [
    `${id} is pending:`,
    ...why.map((reason) => `  ${reason}`),
    `A person of another role runs "handrail manifest approve ${id}".`,
  ]);
}
