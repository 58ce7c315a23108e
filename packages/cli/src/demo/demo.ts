// The whole walk, one step a line: an organisation, a participant, a recorded desktop, a release
// that two roles approved, the record of it, the search for what must not be in it, and a replay.
import { type Measured, measure } from '../canary/measure.ts';
import { notInOwnText } from '../canary/own-text.ts';
import { type Planted, plant } from '../canary/plant.ts';
import { readPlantFile } from '../canary/plant-file.ts';
import { recordSession, type Session } from '../canary/session.ts';
import type { Output } from '../output.ts';
import { expenseTask } from '../person/expense-form.ts';
import { checkOwn } from '../walk/own-view.ts';
import { takeWalk, type Walk, type WalkResult } from '../walk/walk.ts';
import { checkReplay } from './replay.ts';

export interface DemoOptions {
  readonly keep: string | undefined;
  readonly plantFile: string | undefined;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface DemoResult extends WalkResult {
  /** Undefined when the walk broke before anything could be searched. */
  readonly measured: Measured | undefined;
}

const plantedCount = 150;
/** A value in a drawing that cannot be masked for sure puts a task in quarantine. */
const isForDemo = ({ inlet }: Planted) => inlet !== 'image';

export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const outside = options.plantFile === undefined ? [] : await readPlantFile(options.plantFile);
  const own = await notInOwnText(plant(plantedCount).filter(isForDemo));
  const planted = [...own, ...outside];
  let measured: Measured | undefined;
  const result = await takeWalk(options, async (walk) => {
    const session = await recordSession(walk, planted, 'full');
    checkSession(walk, session);
    const { report } = walk;
    // Side by side: the replay mostly waits, as the person did.
    [measured] = await Promise.all([
      report.step('search', `All is searched for ${planted.length} planted values`, () =>
        measure(walk, session, { planted, mode: 'full' }),
      ),
      report.step('replay', 'One exported trajectory is replayed on a fresh display', () =>
        replayExpenses(walk, session),
      ),
    ]);
  });
  return { ...result, measured };
}

function checkSession({ report }: Walk, { handedIn, own, originals }: Session): void {
  const { refined, quarantined, rejected } = handedIn;
  report.check(
    'every segment was refined',
    refined > 0 && quarantined === 0 && rejected === 0,
    `${refined} refined, ${quarantined} in quarantine, ${rejected} rejected`,
  );
  checkOwn(report, own, [...originals.keys()]);
}

function replayExpenses(walk: Walk, { originals, release }: Session): Promise<void> {
  const original = originals.get(expenseTask) ?? Buffer.alloc(0);
  const instruction = expenseTask;
  return checkReplay(walk, { export: release.agentnet, instruction, original, file: 'formFile' });
}
