// `manifest show`: what is captured now, what waits for approval, and what was before.
import { call, personRoutes } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { ManifestOptions } from './command.ts';
import { manifestLines } from './contents.ts';

export async function run({ home, out }: Session, options: ManifestOptions): Promise<undefined> {
  const { client } = await openDesk(home, options.url);
  const { manifests } = await call(client, personRoutes.manifests, {});
  const shown = manifests.map(({ id, state, statement }) => {
    const { number, at, manifest } = statement.payload;
    return { id, state, number, at, manifest };
  });
  const lines = shown.flatMap(({ id, state, number, at, manifest }) => [
    `${id} number ${number}, ${state}, ${at}`,
    ...manifestLines(manifest),
  ]);
  out.print({ manifests: shown }, lines.length > 0 ? lines : ['No manifest: nothing is captured.']);
}
