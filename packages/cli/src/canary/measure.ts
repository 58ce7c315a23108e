// The measurement: every byte and every picture that is kept anywhere is searched for what was
// planted, and the leak rate is what was recovered of it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writtenFolders } from '../walk/folders.ts';
import type { Walk } from '../walk/walk.ts';
import type { Mode } from './mode.ts';
import { notInOwnText } from './own-text.ts';
import { decoys, type Planted } from './plant.ts';
import { type Gate, gatesOf } from './rate/gates.ts';
import { type LeakRate, leakRate } from './rate/leak-rate.ts';
import { type FileFindings, scanFolders } from './read-back/scan-files.ts';
import { type PictureFindings, picturesIn, scanPictures } from './read-back/scan-pictures.ts';
import type { Session } from './session.ts';

export interface Measured {
  readonly rate: LeakRate;
  readonly gates: readonly Gate[];
  readonly decoys: { readonly sought: number; readonly found: number };
  /** Numbers of the planted values that were recovered, with a place each. */
  readonly found: ReadonlyMap<number, string>;
}

export interface Experiment {
  readonly planted: readonly Planted[];
  readonly mode: Mode;
}

/** One value of every so many is sought that was never planted. */
const plantedPerDecoy = 3;
const framesSchema = z.object({ frames: z.record(z.string(), z.string()) });

/** Ends the organisation, so that nothing writes any more; adds its checks to the report. */
export async function measure(
  walk: Walk,
  session: Session,
  { planted, mode }: Experiment,
): Promise<Measured> {
  await session.organisation.stop();
  const sought = Math.ceil(planted.length / plantedPerDecoy);
  const never = await notInOwnText(decoys(sought, planted));
  const values = [...planted, ...never].map(({ secret }) => secret);
  const pictures = await picturesOf(walk, session);
  // Side by side: pictures are read by programs, files in here.
  const [files, read] = await Promise.all([
    scanFolders(writtenFolders(walk.folders), values),
    scanPictures(pictures, values, session.areas),
  ]);
  const all = new Map([...read.found, ...files.found]);
  const found = new Map([...all].filter(([at]) => at < planted.length));
  const measured = {
    rate: leakRate(planted, found),
    gates: gatesOf(planted, found, mode),
    decoys: { sought: never.length, found: all.size - found.size },
    found,
  };
  tell(walk, measured, { files, read, areas: session.areas.length });
  walk.report.figures.waitingInQuarantine = await countIn(walk.folders.quarantine, planted);
  return measured;
}

/** How many of the values show in what waits for its participant: not out, and not masked. */
async function countIn(folder: string, planted: readonly Planted[]): Promise<number> {
  const values = planted.map(({ secret }) => secret);
  const files = await scanFolders([folder], values);
  const read = await scanPictures(await picturesIn(folder), values, []);
  return new Set([...files.found.keys(), ...read.found.keys()]).size;
}

/** The owner's first, in their order: what changed between two is all that must be read again. */
async function picturesOf({ folders }: Walk, session: Session): Promise<readonly string[]> {
  const own = session.own.flatMap(({ frames }) => frames.map(({ file }) => file));
  const to = join(folders.opened, 'export');
  await mkdir(to, { recursive: true, mode: 0o700 });
  const lines = (await readFile(session.release.agentnet, 'utf8')).split('\n').filter(Boolean);
  for (const line of lines) {
    const { frames } = framesSchema.parse(JSON.parse(line));
    for (const [name, base64] of Object.entries(frames)) {
      await writeFile(join(to, name), Buffer.from(base64, 'base64'), { mode: 0o600 });
    }
  }
  return [...new Set([...own, ...(await picturesIn(folders.opened))])];
}

interface Searched {
  readonly files: FileFindings;
  readonly read: PictureFindings;
  readonly areas: number;
}

function tell({ report }: Walk, { rate, gates, decoys: never }: Measured, searched: Searched) {
  const { files, read, areas } = searched;
  report.figures.planted = rate.all.planted;
  report.figures.found = rate.all.recovered;
  report.figures.pictures = read.pictures;
  report.figures.searchedMegabytes = Math.round(files.bytes / 1_000_000);
  for (const { name, ok, planted, recovered, high, places } of gates) {
    const bound = `${recovered} of ${planted} recovered, at most ${(100 * high).toFixed(1)} %`;
    report.check(`${name}: none came out`, ok, [bound, ...places].join('; '));
  }
  const isHidden = read.seen.size === 0 && areas > 0 && read.pictures > 0;
  const shown = [...read.seen].map(([name, file]) => `${name} in ${file}`).join(', ');
  report.check('what may not be seen is one colour', isHidden, shown || `${areas} areas`);
  const size = `${files.files} files, ${files.rows} database values, ${read.pictures} pictures`;
  const isAll = files.files > 0 && files.rows > 0 && read.pictures > 0;
  report.check('everything could be searched', isAll, `${size}, ${read.letters} letters read`);
  const mistakes = `${never.found} of ${never.sought} found`;
  report.check('what was never planted is not found', never.found === 0, mistakes);
}
