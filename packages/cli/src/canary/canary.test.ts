import { describeWith, desktopPrograms } from '@handrail/testbed/require';
import { test } from 'vitest';
import { z } from 'zod';
import { handrail } from '../run-command.ts';

const countsSchema = z.object({ name: z.string(), planted: z.number(), recovered: z.number() });
const resultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  gates: z.array(countsSchema.extend({ ok: z.boolean() })),
  classes: z.array(countsSchema),
  inlets: z.array(countsSchema),
  decoys: z.object({ sought: z.number(), found: z.number() }),
});
/** Enough for every gate to stand on more than 30 values. */
const counts = { full: 120, skeleton: 60 } as const;
const inletsCount = 10;
/** The only value of a class may stand in our own sources, and is not planted then. */
const classesMin = 17;

async function measured(mode: keyof typeof counts) {
  const args = ['canary', '--json', '--mode', mode, '--count', String(counts[mode])];
  const { code, stdout } = await handrail(args);
  const result = resultSchema.parse(JSON.parse(stdout));
  return { code, ...result, failed: result.checks.filter(({ ok }) => !ok) };
}

// Side by side: a recorded session mostly waits for its screen.
describeWith([...desktopPrograms, 'tesseract', 'ffmpeg', 'age'], 'a recorded session', () => {
  test.concurrent('in full, nothing secret or checksummed comes out', async ({ expect }) => {
    const { code, ok, failed, gates, inlets, decoys } = await measured('full');
    expect(failed).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
    expect(gates.length).toBe(2);
    expect(gates.every(({ planted, recovered }) => planted > 30 && recovered === 0)).toBe(true);
    expect(inlets.length).toBe(inletsCount);
    expect(decoys.sought).toBeGreaterThan(30);
  }, 600_000);

  test.concurrent('as a skeleton, nothing of any class comes out', async ({ expect }) => {
    const { code, ok, failed, gates, classes, inlets } = await measured('skeleton');
    expect(failed).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
    expect(gates.at(-1)).toMatchObject({ name: 'anything, in skeleton mode', recovered: 0 });
    expect(gates.at(-1)?.planted).toBeGreaterThan(50);
    expect(inlets.length).toBe(inletsCount);
    expect(classes.length).toBeGreaterThanOrEqual(classesMin);
    expect(classes.filter(({ recovered }) => recovered > 0)).toEqual([]);
  }, 600_000);
});
