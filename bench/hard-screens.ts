// Values on screens that are hard to read: how many of them are filled whole. Each screen is one
// frame, made up and drawn at run time, of which nothing but pixels is known.
import { KnownValues } from '@handrail/core/pixels';
import { rulesOf } from '@handrail/core/redact';
import type { SegmentContent } from '@handrail/core/segment';
import { decodeImage } from '@handrail/vault/worker/images';
import { openEngine } from '@handrail/vault/worker/ocr/engine';
import { redactSegment } from '@handrail/vault/worker/pixels/redact-segment';
import { drawn, placeOf } from '@handrail/vault/worker/pixels/sample-screen';
import { allSolid } from '@handrail/vault/worker/pixels/solid';
import type { BenchResult } from './runner/bench.ts';
import { hardScreens } from './screens/all.ts';
import type { Scene } from './screens/sketch.ts';

const ocr = { kind: 'program', path: '/usr/bin/tesseract', limiter: '/usr/bin/prlimit' } as const;

export async function run(): Promise<BenchResult> {
  const figures: Record<string, number | string> = {};
  const screens = Object.keys(hardScreens).length;
  const sum = { screens, valuesShown: 0, valuesLeft: 0, screensInQuarantine: 0 };
  for (const [name, make] of Object.entries(hardScreens)) {
    const scene = make();
    const left = await leftOn(scene);
    const shown = scene.values.length;
    sum.valuesShown += shown;
    if (typeof left === 'string') sum.screensInQuarantine += 1;
    else sum.valuesLeft += left;
    figures[`filled: ${name}`] =
      typeof left === 'string' ? `quarantine, ${left}` : `${shown - left} of ${shown}`;
  }
  return { name: 'hard-screens', figures: { ...figures, ...sum } };
}

/** How many of the values have a pixel left; or why the screen went into quarantine. */
async function leftOn({ screen, values }: Scene): Promise<number | string> {
  await using engine = openEngine(ocr);
  const { width, height } = screen;
  const place = { atMs: 0, displayEpoch: 1, width, height, areas: [], filled: [] };
  const content: SegmentContent = {
    ...({ v: 1, startedAtMs: 0, contexts: [], events: [], findings: [] } as const),
    frames: [{ ...place, damagePending: false, image: await drawn(screen) }],
  };
  const how = { engine, known: new KnownValues(), ruleOf: rulesOf([]), isReleased: false };
  const outcome = await redactSegment(content, how);
  if (outcome.kind === 'quarantined') return outcome.reason;
  const [frame] = outcome.frames;
  const shown = frame && (await decodeImage(frame.image, screen));
  let left = 0;
  for (const nth of values) {
    const box = await placeOf(screen, nth);
    if (box && !(shown && allSolid(shown, [box]))) left += 1;
  }
  return left;
}
