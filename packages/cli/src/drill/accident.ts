// What went wrong: files that everybody may read, and an access list that lets everybody do
// everything, first by mistake of one person, then agreed to by two.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sign } from '@handrail/core/statement';
import { call, incidentRoutes, personRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../home/desk.ts';
import { researcherHomeOf } from '../prober/identities.ts';
import type { Walk } from '../walk/walk.ts';
import type { See } from './drill.ts';
import { laxDigest } from './lax-policy.ts';
import type { DrillOrganisation } from './organisation.ts';
import { requestGrant, type Scene } from './prepare.ts';

const run = promisify(execFile);
/** The vault gives back what it may not do; a build would be done long before. */
const buildMsMax = 10_000;

/** What a stranger copied while nothing stood in the way. */
export function stolenFolder({ folders }: Walk): string {
  return join(folders.root, 'stolen');
}

export async function openEverything(
  walk: Walk,
  organisation: DrillOrganisation,
  see: See,
): Promise<void> {
  const { layout } = organisation;
  await organisation.replaceServer('lax', async () => {
    await run('chmod', ['a+rX', layout.data]);
    await run('chmod', ['-R', 'a+rX', layout.server]);
    await mkdir(stolenFolder(walk), { mode: 0o700 });
    await run('cp', ['-r', layout.data, join(stolenFolder(walk), 'data')]);
  });
  const stranger = researcherHomeOf(layout.proberHome);
  const { releases } = await walk.line.run(stranger, 'release', 'list');
  const isShut = Array.isArray(releases) && releases.length === 0;
  see(4, 'an access list that nobody agreed to decides nothing', isShut);
  await decidePolicy(organisation, 2, await laxDigest());
}

/** Steward and officer agree to an access list. */
export async function decidePolicy(
  { layout }: DrillOrganisation,
  number: number,
  digest: string,
): Promise<void> {
  const at = instantNow();
  for (const home of [layout.stewardHome, layout.officerHome]) {
    const { client, signer, charter } = await openDesk(home, undefined);
    const payload = {
      v: 1,
      kind: 'policy',
      programme: charter.programme,
      number,
      digest,
      at,
    } as const;
    const body = { statement: await sign(payload, signer) };
    await call(client, personRoutes.decide, { body });
  }
}

/** With the access list gone, a researcher without grants fetches every result that exists. */
export async function readAsStrangers(walk: Walk, { layout }: DrillOrganisation): Promise<void> {
  const prober = await openDesk(layout.proberHome, undefined);
  const stranger = await openDesk(researcherHomeOf(layout.proberHome), undefined);
  const { ids } = await call(prober.client, incidentRoutes.probeTargets, {});
  let bytes = 0;
  for (const id of ids.result ?? []) {
    const box = await call(stranger.client, personRoutes.result, { params: { id } });
    await writeFile(join(stolenFolder(walk), id), box, { mode: 0o600 });
    bytes += box.length;
  }
  walk.report.figures.strangersGotBytes = bytes;
  const isReal = bytes > 0;
  walk.report.check('a stranger gets what is of others, sealed', isReal, `${bytes} bytes`);
}

/** The server says yes to everything; the vault has to say no. */
export async function tryTheVault(
  walk: Walk,
  { layout }: DrillOrganisation,
  { recipe }: Scene,
  see: See,
): Promise<void> {
  const { researcherHome } = layout;
  const grant = await requestGrant(walk, researcherHome, recipe);
  const words = ['release', 'build', recipe, '--grant', grant, '--wait'];
  await using building = walk.line.start(researcherHome, words);
  const ended = await building.finished(buildMsMax).catch(() => undefined);
  const told = ended === undefined ? 'it waits' : `exit ${ended.code}`;
  const isBuilt = ended?.code === 0;
  see(3, 'the vault builds nothing that two roles did not approve', !isBuilt, told);
}
