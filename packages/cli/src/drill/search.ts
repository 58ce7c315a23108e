// The stranger's loot and all that is kept, byte by byte and row by row, for the planted words.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scanFolders } from '../canary/read-back/scan-files.ts';
import type { Walk } from '../walk/walk.ts';
import { stolenFolder } from './accident.ts';
import type { See } from './drill.ts';
import type { DrillOrganisation } from './organisation.ts';
import type { Scene } from './prepare.ts';
import { plantWords } from './recording.ts';

/** Nothing may run any more. */
export async function searchAll(
  walk: Walk,
  { layout }: DrillOrganisation,
  { planted, homes }: Scene,
  see: See,
): Promise<void> {
  const values = planted.flatMap(({ remark, address }) => [remark, address]);
  const loot = await scanFolders([stolenFolder(walk)], values);
  const size = `${loot.files} files, ${loot.rows} database values, ${loot.found.size} found`;
  see(2, 'a stranger who has everything reads nothing', isClean(loot) && loot.rows > 0, size);
  const kept = [layout.data, layout.vaultHome, layout.people, ...homes];
  await searchKept(walk, kept, values, see);
}

/** All that anybody keeps. */
export async function searchKept(
  walk: Walk,
  kept: readonly string[],
  values: readonly string[],
  see: See,
): Promise<void> {
  const all = await scanFolders(kept, values);
  const places = [...all.found.values()].join(', ');
  see(1, 'nothing that was typed lies anywhere in the clear', isClean(all), places);
  see(1, 'what lies in the clear would be found', await isFound(walk));
}

function isClean({ found, files }: Awaited<ReturnType<typeof scanFolders>>): boolean {
  return found.size === 0 && files > 0;
}

async function isFound({ folders }: Walk): Promise<boolean> {
  const { remark } = plantWords();
  const folder = join(folders.root, 'plain');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, 'file'), `it says ${remark} here`);
  return (await scanFolders([folder], [remark])).found.size === 1;
}
