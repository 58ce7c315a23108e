import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from './support/repository-files.ts';
import { type SummaryOptions, summaryLines, unexcusedSkips } from './support/summary-reporter.ts';

const options: SummaryOptions = {
  root: repositoryRoot,
  requireAll: true,
  outside: [{ test: 'tests/a.test.ts > recordings', fixture: 'recordings' }],
  isPresent: () => false,
  write: () => {},
  fail: () => {},
};

describe('the summary of a run', () => {
  it('ends with the counts alone on a line', () => {
    const counts = { passed: 412, failed: 0, skipped: [] };
    expect(summaryLines(counts, options)).toEqual(['412 passed, 0 failed, 0 skipped']);
  });
  it('names a skipped test, and counts it as failed where nothing may be skipped', () => {
    const counts = { passed: 1, failed: 0, skipped: ['tests/a.test.ts > needs a display'] };
    expect(summaryLines(counts, options)).toEqual([
      'skipped, and must not be: tests/a.test.ts > needs a display',
      '1 passed, 1 failed, 0 skipped',
    ]);
    expect(summaryLines(counts, { ...options, requireAll: false })).toEqual([
      'skipped: tests/a.test.ts > needs a display',
      '1 passed, 0 failed, 1 skipped',
    ]);
  });
  it('excuses listed tests only while their outside fixture is absent', () => {
    const skipped = ['tests/a.test.ts > recordings > one', 'tests/a.test.ts > recordings2'];
    expect(unexcusedSkips(skipped, options)).toEqual(['tests/a.test.ts > recordings2']);
    expect(unexcusedSkips(skipped, { ...options, isPresent: () => true })).toEqual(skipped);
  });
});

describe('a real run', () => {
  let folder: string;
  beforeAll(async () => {
    const ignored = join(repositoryRoot, '.bootstrap');
    await mkdir(ignored, { recursive: true });
    folder = await mkdtemp(join(ignored, 'planted-'));
    await writeFile(join(folder, 'vitest.config.ts'), planted.config);
    await writeFile(join(folder, 'planted.test.ts'), planted.tests);
    await writeFile(join(folder, 'broken.test.ts'), "import './nowhere.ts';\n");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['all', ['planted.test.ts'], 1, '2 passed, 1 failed, 0 skipped'],
    ['', ['planted.test.ts'], 0, '2 passed, 0 failed, 1 skipped'],
    ['', [], 1, '2 passed, 1 failed, 1 skipped'],
  ])('that requires "%s" of %j exits %i with: %s', async (required, filters, status, line) => {
    const run = await vitest(folder, filters, required);
    expect(run.status).toBe(status);
    expect(run.output.trimEnd().split('\n').at(-1)).toBe(line);
    expect(run.output).toContain('planted.test.ts > suite > is skipped');
  });
});

const planted = {
  config: `import { defineConfig } from 'vitest/config';
import { summaryReporter } from '../../tests/support/summary-reporter.ts';
const summary = summaryReporter({
  root: import.meta.dirname,
  requireAll: process.env.HANDRAIL_TEST_REQUIRE === 'all',
  outside: [],
  isPresent: () => false,
  write: (line) => process.stdout.write(line + '\\n'),
  fail: () => { process.exitCode = 1; },
});
export default defineConfig({
  test: { include: ['*.test.ts'], reporters: ['default', summary], maxWorkers: 1 },
});
`,
  tests: `import { describe, it } from 'vitest';
it('passes', () => {});
describe('suite', () => {
  it('passes too', () => {});
  it.skip('is skipped', () => {});
});
`,
};

function vitest(cwd: string, filters: readonly string[], required: string) {
  return new Promise<{ status: number; output: string }>((resolve) => {
    const environment = { ...process.env, HANDRAIL_TEST_REQUIRE: required, NO_COLOR: '1' };
    const program = join(repositoryRoot, 'node_modules/vitest/vitest.mjs');
    const child = execFile(
      process.execPath,
      [program, 'run', '--root', cwd, ...filters],
      { cwd, env: environment },
      (_error, stdout) => resolve({ status: child.exitCode ?? 1, output: stdout }),
    );
  });
}
