import { describeWith, desktopPrograms } from '@handrail/testbed/require';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { handrail } from '../run-command.ts';

const resultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  gates: z.array(z.object({ ok: z.boolean(), planted: z.number(), recovered: z.number() })),
  inlets: z.array(z.object({ name: z.string(), planted: z.number() })),
  decoys: z.object({ sought: z.number(), found: z.number() }),
});
/** Enough for every gate to stand on more than 30 values. */
const count = 120;

describeWith([...desktopPrograms, 'tesseract', 'ffmpeg', 'age'], 'a recorded session', () => {
  test('of secrets and checksummed data nothing comes out, through whatever inlet', async () => {
    const { code, stdout } = await handrail(['canary', '--json', '--count', String(count)]);
    const { ok, checks, gates, inlets, decoys } = resultSchema.parse(JSON.parse(stdout));
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect([code, ok]).toEqual([0, true]);
    expect(gates.every(({ planted, recovered }) => planted > 30 && recovered === 0)).toBe(true);
    expect(inlets.length).toBe(10);
    expect(decoys.sought).toBeGreaterThan(30);
  }, 600_000);
});
