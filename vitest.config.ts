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

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'examples/**/*.test.ts'],
    reporters: ['default', summary],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    maxWorkers: process.env.CI ? 1 : 2,
    // Where changes are checked: real displays one after the other, and one more try for each test.
    retry: process.env.CI ? 1 : 0,
  },
});
