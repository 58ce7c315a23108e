import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { buildWithoutRedaction } from './test-build.ts';

const resultSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  figures: z.record(z.string(), z.number()),
});
const outputBytesMax = 16 * 1024 * 1024;

test('with redaction switched off the search finds nearly all that was planted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-proof-'));
  try {
    const launcher = await buildWithoutRedaction(join(folder, 'build'));
    const args = [launcher, 'demo', '--json', '--keep', join(folder, 'run')];
    const { ok, checks, figures } = resultSchema.parse(JSON.parse(await lastLine(args)));
    expect(ok).toBe(false);
    const failed = checks.filter((check) => !check.ok).map(({ name }) => name);
    expect(failed).toContain('no planted value in any byte');
    expect(failed).toContain('no planted value in any picture');
    expect(failed).toContain('what may not be seen is one colour');
    expect(figures.found).toBeGreaterThanOrEqual(Math.floor(0.9 * (figures.planted ?? 0)));
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
