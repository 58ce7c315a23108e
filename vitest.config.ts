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

const tests = (...folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.ts`);
const canary = 'packages/cli/src/canary/canary.test.ts';
/** Watch a real desktop while somebody works there: they want the machine for themselves. */
const desktop = [
  'packages/testbed/src/{agent,capture,display}/*.test.ts',
  'packages/cli/src/canary/{,proof/}*.test.ts',
  'packages/cli/src/commands/replay/*.test.ts',
  'tests/one-keystroke.test.ts',
];

// A recorded session mostly waits for a person who types: it has the first worker of its group, and
// the other two test parts meanwhile, at a lower priority. So no two desktops stand side by side.
const sessionAndTwo = 3;
const stepAside = 'packages/testbed/src/step-aside.ts';
const filesInMemory = 'packages/testbed/src/files-in-memory.ts';

export default defineConfig({
  test: {
    reporters: ['default', summary],
    globalSetup: 'packages/testbed/src/shared-by-a-run.ts',
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Where changes are checked, each test has one more try.
    retry: process.env.CI ? 1 : 0,
    projects: [
      project('a session', 0, sessionAndTwo, { include: [canary] }),
      project('parts', 0, sessionAndTwo, {
        include: tests('packages/{core,policy,agent,extension,server,vault,console}/src'),
        setupFiles: [stepAside, filesInMemory],
      }),
      project('several parts', 1, 2, {
        include: tests('packages/{cli,testbed}/src', 'tests', 'examples'),
        exclude: desktop,
      }),
      project('desktop', 2, process.env.CI ? 1 : 2, { include: desktop, exclude: [canary] }),
    ],
  },
});

/** Groups run one after the other, the projects of a group together, by their names. */
function project(name: string, group: number, maxWorkers: number, more: object) {
  const test = { name, maxWorkers, sequence: { groupOrder: group }, ...more };
  return { extends: true as const, test };
}
