// `handrail canary` as a function: plants, records, searches, and counts what came out.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../output.ts';
import { resultLine, takeWalk, type Walk, type WalkResult } from '../walk/walk.ts';
import { type Measured, measure } from './measure.ts';
import type { Mode } from './mode.ts';
import { notInOwnText } from './own-text.ts';
import { type Planted, plant } from './plant.ts';
import { readPlantFile } from './plant-file.ts';
import { recordSession, type Session } from './session.ts';

export interface CanaryOptions {
  /** About so many values, half of them of classes of which none may come out. */
  readonly count: number;
  readonly mode: Mode;
  readonly plantFile: string | undefined;
  readonly keep: string | undefined;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface CanaryResult extends WalkResult {
  /** Undefined when the session broke before it could be searched. */
  readonly measured: Measured | undefined;
}

/** A frame from before what the person did last. */
const recentMs = 4_000;
const seenShareMin = 0.5;

export async function runCanary(options: CanaryOptions): Promise<CanaryResult> {
  const { count, mode, plantFile } = options;
  const outside = plantFile === undefined ? [] : await readPlantFile(plantFile);
  const planted = [...(await notInOwnText(plant(count))), ...outside];
  let measured: Measured | undefined;
  const result = await takeWalk(options, async (walk) => {
    const session = await recordSession(walk, planted, mode);
    checkRecorded(walk, session);
    const search = `All is searched for ${planted.length} planted values`;
    measured = await walk.report.step('search', search, () =>
      measure(walk, session, { planted, mode }),
    );
  });
  if (measured && options.keep !== undefined) {
    await writePlanted(result.folders.root, planted, measured.found);
  }
  return { ...result, measured };
}

/** Values that nobody recorded cannot leak: a session without its pictures measures nothing. */
function checkRecorded({ report }: Walk, { handedIn, own, waiting }: Session): void {
  const { refined, quarantined, rejected } = handedIn;
  const counts = `${refined} refined, ${quarantined} in quarantine, ${rejected} rejected`;
  const words = [counts, ...new Set(waiting)].join('; ');
  report.check('the session was recorded', refined > 0 && rejected === 0, words);
  const clicks = own.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'click'));
  const seen = clicks.filter(({ frameAgeMs }) => frameAgeMs !== null && frameAgeMs < recentMs);
  const isSeen = seen.length > seenShareMin * clicks.length;
  report.check('what was clicked was seen', isSeen, `${seen.length} of ${clicks.length}`);
}

/** Beside what was searched: each value with the place where it was found, or null. */
async function writePlanted(
  folder: string,
  planted: readonly Planted[],
  found: Measured['found'],
): Promise<void> {
  const lines = planted.map(({ inlet, class: name, value, secret }, at) =>
    JSON.stringify({ inlet, class: name, value, secret, found: found.get(at) ?? null }),
  );
  await writeFile(join(folder, 'planted.jsonl'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** The line for scripts. */
export function canaryLine({ measured, ...result }: CanaryResult, mode: Mode) {
  const { ok, ...rest } = resultLine(result);
  return { ok, mode, ...measured?.rate, gates: measured?.gates, decoys: measured?.decoys, ...rest };
}
