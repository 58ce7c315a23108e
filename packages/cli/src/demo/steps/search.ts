// The search: nothing that was planted is in any byte that Handrail wrote, in any text that its
// owner or the researcher can open, or in any picture.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Planted } from '../canary/plant.ts';
import { scanFolders } from '../canary/scan-files.ts';
import { type HiddenArea, scanPictures } from '../canary/scan-pictures.ts';
import type { Demo } from '../demo.ts';
import { writtenFolders } from '../folders.ts';
import type { OwnTrajectory } from './own-view.ts';
import type { OpenedRelease } from './release.ts';

export interface Searched {
  readonly planted: readonly Planted[];
  readonly own: readonly OwnTrajectory[];
  readonly release: OpenedRelease;
  readonly areas: readonly HiddenArea[];
}

const framesSchema = z.object({ frames: z.record(z.string(), z.string()) });

export async function searchEverything(demo: Demo, searched: Searched): Promise<void> {
  const { report, folders } = demo;
  const { planted, own, areas } = searched;
  report.figures.planted = planted.length;
  const values = planted.map(({ secret }) => secret);
  const exported = await exportedPictures(
    searched.release.agentnet,
    join(folders.opened, 'export'),
  );
  const pictures = [...own.flatMap(({ frames }) => frames.map(({ file }) => file)), ...exported];
  const files = await scanFolders(writtenFolders(folders), values);
  const size = `${files.files} files, ${Math.round(files.bytes / 1_000_000)} MB`;
  report.check(
    'no planted value in any byte',
    files.found.size === 0,
    words(files.found, size, planted),
  );
  const read = await scanPictures(pictures, values, areas);
  report.figures.pictures = read.pictures;
  report.figures.found = new Set([...files.found.keys(), ...read.found.keys()]).size;
  const many = `${read.pictures} pictures, ${read.letters} letters read`;
  const readable = read.found.size === 0 && read.letters > 0;
  report.check('no planted value in any picture', readable, words(read.found, many, planted));
  const isHidden = read.seen.size === 0 && areas.length > 0 && read.pictures > 0;
  const shown = [...read.seen].map(([name, file]) => `${name} in ${file}`).join(', ');
  report.check('what may not be seen is one colour', isHidden, shown || `${areas.length} areas`);
}

/** Pictures of the export that the researcher opened; the same as the owner's, or not. */
async function exportedPictures(agentnet: string, to: string): Promise<readonly string[]> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const lines = (await readFile(agentnet, 'utf8')).split('\n').filter(Boolean);
  const files: string[] = [];
  for (const line of lines) {
    const { frames } = framesSchema.parse(JSON.parse(line));
    for (const [name, base64] of Object.entries(frames)) {
      const file = join(to, name);
      await writeFile(file, Buffer.from(base64, 'base64'), { mode: 0o600 });
      files.push(file);
    }
  }
  return files;
}

/** How many of which inlet, and where one of them is; never the value. */
function words(
  found: ReadonlyMap<number, string>,
  size: string,
  planted: readonly Planted[],
): string {
  if (found.size === 0) return `0 of ${planted.length} in ${size}`;
  const kinds = [...found].map(([at, file]) => `${planted[at]?.inlet} (${file})`);
  return `${found.size} of ${planted.length} in ${size}: ${kinds.slice(0, 5).join(', ')}`;
}
