// The reported incident again, on an organisation of its own: storage is opened to everyone and the
// access list lets everybody do everything, strangers read, probes notice, all is halted while one
// agent is cut off, the first fix does not hold, and the second does.
import type { Output } from '../output.ts';
import { takeWalk, type Walk, type WalkResult } from '../walk/walk.ts';
import { openEverything, readAsStrangers, tryTheVault } from './accident.ts';
import { DrillOrganisation } from './organisation.ts';
import { prepare, type Scene } from './prepare.ts';
import { type Judged, judgePromises, type Seen } from './promises.ts';
import { answer } from './response.ts';
import { searchAll } from './search.ts';

export interface DrillOptions {
  readonly keep: string | undefined;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface DrillResult extends WalkResult {
  readonly promises: readonly Judged[];
}

/** What happens in a drill, and what is seen of it. */
type Acts = (walk: Walk, see: See) => Promise<void>;

export async function runDrill(options: DrillOptions, acts: Acts = act): Promise<DrillResult> {
  const seen: Seen[] = [];
  const result = await takeWalk(options, (walk) =>
    acts(walk, (promise, what, ok, detail = '') => {
      seen.push({ promise, what, ok });
      walk.report.check(what, ok, detail);
    }),
  );
  const promises = judgePromises(seen);
  const isKept = promises.every(({ verdict }) => verdict !== 'broken');
  return { ...result, ok: result.ok && isKept, promises };
}

async function act(walk: Walk, see: See): Promise<void> {
  const { report, folders, stack } = walk;
  const { step } = report;
  const say = step.bind(report);
  const organisation = await say('start', 'An organisation of its own starts', () =>
    DrillOrganisation.start(folders.organisation),
  );
  stack.use(organisation);
  const scene: Scene = await say('prepare', 'Two people join and hand in recordings', () =>
    prepare(walk, organisation, see),
  );
  await say('accident', 'Storage and access list are opened to everyone', () =>
    openEverything(walk, organisation, see),
  );
  await say('strangers', 'Strangers read what they can reach', async () => {
    await readAsStrangers(walk, organisation);
    await tryTheVault(walk, organisation, scene, see);
  });
  await answer(walk, organisation, scene, see);
  await organisation[Symbol.asyncDispose]();
  await say('search', 'All that anybody got, and all that is kept, is searched', () =>
    searchAll(walk, organisation, scene, see),
  );
}

/** Notes what was seen of a promise, and checks it. */
export type See = (promise: number, what: string, ok: boolean, detail?: string) => void;
