import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Change, changedBuild } from './changed-build.ts';

const launcher = fileURLToPath(import.meta.resolve('handrail/main'));
const endlessLease: Change = {
  what: 'ends a lease',
  file: 'agent/src/lease/lease.ts',
  head: /\n {2}at\(nowMs: number\): LeaseState \{/,
  body: 'return this.#state;',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handrail-drill-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

function drill(program: string) {
  const args = [program, 'drill', '--json'];
  return new Promise<{ code: number; said: { promises: { verdict: string }[] } }>((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 1 << 26 }, (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, said: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') });
    });
  });
}

const verdictsOf = (said: { readonly promises: readonly { readonly verdict: string }[] }) =>
  said.promises.map(({ verdict }) => verdict);

describe('the drill', { timeout: 400_000 }, () => {
  test('strangers who have everything read nothing, and every promise is kept', async () => {
    const { code, said } = await drill(launcher);
    expect(verdictsOf(said)).toEqual([
      ...['held', 'not claimed here', 'not claimed here', 'held', 'held'],
      ...['held', 'held', 'held', 'held'],
    ]);
    expect(code).toBe(0);
  });

  test('a device whose lease never ends breaks the seventh', async () => {
    const { code, said } = await drill(await changedBuild(join(folder, 'build'), [endlessLease]));
    expect(verdictsOf(said)[6]).toBe('broken');
    expect(code).toBe(1);
  });
});
