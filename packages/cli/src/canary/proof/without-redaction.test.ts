import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedBuild } from '@handrail/testbed/changed-build';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { changes } from './switched-off.ts';

const rateSchema = z.object({ name: z.string(), planted: z.number(), recovered: z.number() });
const resultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  all: rateSchema,
  inlets: z.array(rateSchema),
  decoys: z.object({ sought: z.number(), found: z.number() }),
});
const outputBytesMax = 16 * 1024 * 1024;

/** Seen on purpose: less than this, and the measurement itself is broken. */
const shareMin = 0.95;
const count = 80;

test('with redaction switched off at least 95 % of what was planted is recovered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-proof-'));
  try {
    const launcher = await changedBuild(join(folder, 'build'), changes);
    const args = [launcher, 'canary', '--json', '--count', String(count)];
    const line = await lastLine([...args, '--keep', join(folder, 'run')]);
    const { ok, checks, all, inlets, decoys } = resultSchema.parse(JSON.parse(line));
    expect(ok).toBe(false);
    expect(all.recovered / all.planted, JSON.stringify(inlets)).toBeGreaterThanOrEqual(shareMin);
    expect(all.planted).toBeGreaterThan(count * 0.9);
    expect(decoys).toMatchObject({ found: 0 });
    const failed = checks.filter((check) => !check.ok).map(({ name }) => name);
    expect(failed).toEqual([
      'secrets and checksummed data: none came out',
      'what may never be kept: none came out',
      'what may not be seen is one colour',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}, 600_000);

function lastLine(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { maxBuffer: outputBytesMax }, (_, stdout) =>
      resolve(stdout.trim().split('\n').at(-1) ?? ''),
    );
  });
}
