// What reading and masking frames costs the vault: a form being filled in and a text being edited
// at 1080p, a frame for every few letters, with values among them that must not be left.
import { readFile } from 'node:fs/promises';
import { KnownValues } from '@handrail/core/pixels';
import { rulesOf } from '@handrail/core/redact';
import type { Frame, SegmentContent } from '@handrail/core/segment';
import { decodeFrames } from '@handrail/vault/worker/decode-frames';
import { decodeImage } from '@handrail/vault/worker/images';
import { openEngine } from '@handrail/vault/worker/ocr/engine';
import { redactSegment } from '@handrail/vault/worker/pixels/redact-segment';
import { drawn, placeOf } from '@handrail/vault/worker/pixels/sample-screen';
import { allSolid } from '@handrail/vault/worker/pixels/solid';
import { peakOf } from './frames/peak.ts';
import { type Step, seriesOf, valuesOf } from './frames/series.ts';
import type { BenchResult } from './runner/bench.ts';

const ticksPerSecond = 100;
const ocr = { kind: 'program', path: '/usr/bin/tesseract', limiter: '/usr/bin/prlimit' } as const;

export async function run(): Promise<BenchResult> {
  const steps = seriesOf();
  const images = await Promise.all(steps.map(({ screen }) => drawn(screen)));
  const frames = images.map((image, at) => frameOf(image, at, steps[at]));
  const codec = await cpuSecondsOf(async () => {
    let pixels = 0;
    for (const frame of decodeFrames(frames)) pixels += frame.pixels.length;
    return pixels;
  });
  await using engine = openEngine(ocr);
  const content: SegmentContent = {
    ...({ v: 1, startedAtMs: 0, contexts: [], events: [], findings: [] } as const),
    frames,
  };
  const peak = peakOf(process.pid);
  const work = await cpuSecondsOf(() =>
    redactSegment(content, {
      engine,
      known: new KnownValues(),
      ruleOf: rulesOf([]),
      isReleased: false,
    }),
  );
  const poolMib = peak.stop();
  const { value: outcome } = work;
  const left = outcome.kind === 'redacted' ? await leftIn(outcome.frames, steps) : [];
  return {
    name: 'frame-redact',
    figures: {
      frames: frames.length,
      outcome: outcome.kind === 'redacted' ? 'redacted' : outcome.reason,
      cpuSecondsPerFrame: round(work.seconds / frames.length),
      // Twice, which does not depend on what is read.
      decodeSecondsPerFrame: round((codec.seconds / frames.length) * 2),
      poolMib,
      valuesShown: left.length,
      valuesLeft: left.filter(Boolean).length,
    },
  };
}

function frameOf(image: Uint8Array, at: number, step: Step | undefined): Frame {
  const { width = 1, height = 1 } = step?.screen ?? {};
  const none = { areas: [], filled: [], damagePending: false };
  return { atMs: at * 1000, displayEpoch: 1, width, height, ...none, image };
}

/** For each value that each frame shows, whether any of its pixels are left. */
async function leftIn(frames: readonly Frame[], steps: readonly Step[]): Promise<boolean[]> {
  const left: boolean[] = [];
  for (const [at, { screen }] of steps.entries()) {
    const frame = frames[at];
    const raw = frame && (await decodeImage(frame.image, frame));
    for (const nth of valuesOf(screen)) {
      const place = await placeOf(screen, nth);
      if (place) left.push(!(raw && allSolid(raw, [place])));
    }
  }
  return left;
}

async function cpuSecondsOf<T>(work: () => Promise<T>) {
  const before = await ticks();
  const value = await work();
  return { value, seconds: ((await ticks()) - before) / ticksPerSecond };
}

/** Of this process and of its children that have ended: utime, stime, cutime, cstime. */
async function ticks(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
