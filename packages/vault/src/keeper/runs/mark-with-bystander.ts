// Which releases hold a trajectory that was replaced for a bystander: superseded at once, and built
// again by the next review with what took its place.
import type { ReleaseStanding } from '@handrail/core/statement';
import type { KeeperContext } from '../keeper-context.ts';
import type { Removal } from '../removals.ts';
import { openInputs } from './review-releases.ts';

/** Opens the manifests of releases that hold anything of those concerned. */
export async function markWithBystander(
  context: KeeperContext,
  job: string,
  { replaced }: Removal,
): Promise<void> {
  const { lists, keyring, nowMs } = context;
  const at = `${new Date(nowMs()).toISOString().slice(0, 19)}Z`;
  const owners = new Set(replaced.map(({ pseudonym }) => pseudonym));
  const old = new Set(replaced.map((one) => one.old));
  const marked: ReleaseStanding[] = [];
  for (const { release, manifest, state } of (await lists.newest()).releases) {
    const record = state === 'good' ? await keyring.release(release) : undefined;
    if (!record?.participants.some(({ pseudonym }) => owners.has(pseudonym))) continue;
    const { manifest: opened } = await openInputs(context, job, release, record);
    if (!opened.inputs.some(({ trajectory }) => old.has(trajectory))) continue;
    marked.push({ release, manifest, state: 'superseded', at, reason: 'bystander' });
  }
  await lists.put(...marked);
}
