import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBenches, loadBench } from '../bench/runner/bench.ts';
import { printed } from '../bench/runner/print.ts';

describe('benches', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handrail-bench-'));
    const result = "{ name: 'count', figures: { eventsPerSecond: 1234.5678, unit: 'a' } }";
    await writeFile(join(folder, 'count.mts'), '');
    await writeFile(join(folder, 'count.ts'), `export const run = async () => (${result});\n`);
    await writeFile(join(folder, 'empty.ts'), 'export const a = 1;\n');
    await writeFile(join(folder, 'main.ts'), '');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are the files of the folder, but for the runner', async () => {
    expect(await listBenches(folder)).toEqual(['count', 'empty']);
  });
  it('give figures, as one line of JSON or for people', async () => {
    const result = await (await loadBench(folder, 'count')).run();
    expect(JSON.parse(printed(result, true))).toEqual({
      name: 'count',
      figures: { eventsPerSecond: 1234.5678, unit: 'a' },
    });
    expect(printed(result, false)).toBe('count\n  eventsPerSecond  1235\n  unit             a\n');
  });
  it('must export run', async () => {
    await expect(loadBench(folder, 'empty')).rejects.toThrow('must export an async function run');
  });
});
