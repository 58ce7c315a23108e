import { fixturePath } from '@handrail/testbed/fixtures';
import { defineConfig } from 'vitest/config';
import outside from './tests/outside-fixtures.json' with { type: 'json' };
import { summaryReporter } from './tests/support/summary-reporter.ts';

const summary = summaryReporter({
  root: import.meta.dirname,
  requireAll: process.env.HANDRAIL_TEST_REQUIRE === 'all',
  outside,
  isPresent: (fixture) => fixturePath(fixture) !== undefined,
  write: (line) => process.stdout.write(`${line}\n`),
  fail: () => {
    process.exitCode = 1;
  },
});

const all = ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/**/*.test.ts'];
/** Watch a real desktop while somebody works there: they want the machine for themselves. */
const desktop = [
  'packages/testbed/src/{agent,capture,display}/*.test.ts',
  'packages/cli/src/canary/{,proof/}*.test.ts',
  'packages/cli/src/commands/replay/*.test.ts',
  'tests/one-keystroke.test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default', summary],
    globalSetup: 'packages/testbed/src/shared-by-a-run.ts',
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Where changes are checked, each test has one more try.
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: all,
          exclude: desktop,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'desktop',
          include: desktop,
          maxWorkers: process.env.CI ? 1 : 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
