// The canary leak rate on a large set: hundreds of values of every class through every inlet of
// one recorded session, and how many of them can be recovered from all that is kept.
import { runCanary } from 'handrail/canary/canary';
import type { Rate } from 'handrail/canary/rate/leak-rate';
import { newOutput } from 'handrail/output';
import { removeFolders } from 'handrail/walk/folders';
import type { BenchResult } from './runner/bench.ts';

/** In full more than 300 of them are secrets or checksummed data. */
const counts = { full: 700, skeleton: 120 } as const;

export async function run(): Promise<BenchResult> {
  const { report, rate, gates, decoys } = await measured('full');
  const skeleton = await measured('skeleton');
  const checks = [...report.checks, ...skeleton.report.checks];
  const checksFailed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  return {
    name: 'canary',
    figures: {
      ...Object.fromEntries(gates.flatMap((gate) => figuresOf('gate', gate))),
      ...Object.fromEntries(figuresOf('gate', { ...skeleton.rate.all, name: 'skeleton' })),
      ...Object.fromEntries(rate.classes.flatMap((each) => figuresOf('class', each))),
      ...Object.fromEntries(rate.inlets.flatMap((each) => figuresOf('inlet', each))),
      decoysSought: decoys.sought,
      decoysFound: decoys.found,
      pictures: report.figures.pictures ?? 0,
      totalSeconds: report.figures.totalSeconds ?? 0,
      checksFailed: checksFailed.join('; ') || 'none',
    },
  };
}

async function measured(mode: keyof typeof counts) {
  const { signal } = new AbortController();
  const options = { count: counts[mode], mode, plantFile: undefined, keep: undefined };
  const result = await runCanary({ ...options, out: newOutput(true), signal });
  await removeFolders(result.folders);
  if (result.measured === undefined) {
    throw new Error('The session broke before it could be searched.');
  }
  return { ...result.measured, report: result.report };
}

function figuresOf(kind: string, { name, planted, recovered, high }: Rate) {
  const shown = `${recovered} of ${planted}, at most ${(100 * high).toFixed(1)} %`;
  return [[`${kind}: ${name}`, shown] as const];
}
