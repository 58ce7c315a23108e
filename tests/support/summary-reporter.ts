// Ends a run with one plain line, `N passed, N failed, N skipped`, and names every skipped test.
// Where nothing may be skipped, a skip fails the run, unless the test stands on the list of tests
// on outside fixtures and its fixture is absent.
import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** A test, or a suite and all in it, that may be skipped while a fixture is absent. */
export interface OutsideFixture {
  /** `path/to/file.test.ts`, or further: `path/to/file.test.ts > suite > test`. */
  readonly test: string;
  /** Path of the fixture in the folder of outside fixtures. */
  readonly fixture: string;
}

export interface SummaryOptions {
  readonly root: string;
  /** Whether a skipped test fails the run. */
  readonly requireAll: boolean;
  readonly outside: readonly OutsideFixture[];
  readonly isPresent: (fixture: string) => boolean;
  readonly write: (line: string) => void;
  readonly fail: () => void;
}

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Names of skipped tests, beginning with their file. */
  readonly skipped: readonly string[];
}

export function summaryReporter(options: SummaryOptions): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const counts = countTests(modules, options.root);
      const failed = counts.failed + unhandledErrors.length;
      for (const line of summaryLines({ ...counts, failed }, options)) options.write(line);
      if (unexcusedSkips(counts.skipped, options).length > 0) options.fail();
    },
  };
}

/** What is printed at the end; the counts come last and alone on their line. */
export function summaryLines(counts: TestCounts, options: SummaryOptions): readonly string[] {
  const unexcused = unexcusedSkips(counts.skipped, options);
  const skipped = counts.skipped.map((name) =>
    unexcused.includes(name) ? `skipped, and must not be: ${name}` : `skipped: ${name}`,
  );
  const failed = counts.failed + unexcused.length;
  const others = counts.skipped.length - unexcused.length;
  return [...skipped, `${counts.passed} passed, ${failed} failed, ${others} skipped`];
}

/** Skipped tests that fail the run. */
export function unexcusedSkips(
  skipped: readonly string[],
  { requireAll, outside, isPresent }: SummaryOptions,
): readonly string[] {
  if (!requireAll) return [];
  const excuses = outside.filter(({ fixture }) => !isPresent(fixture)).map(({ test }) => test);
  return skipped.filter(
    (name) => !excuses.some((excuse) => name === excuse || name.startsWith(`${excuse} > `)),
  );
}

/** A file that could not be loaded, or a suite whose hooks failed, counts as one failed test. */
function countTests(modules: readonly TestModule[], root: string): TestCounts {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const states = tests.map((test) => test.result().state);
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return {
    passed: states.filter((state) => state === 'passed').length,
    failed:
      states.filter((state) => state === 'failed' || state === 'pending').length +
      suites.filter((suite) => suite.errors().length > 0).length,
    skipped: tests
      .filter((_test, index) => states[index] === 'skipped')
      .map((test) => `${relative(root, test.module.moduleId)} > ${test.fullName}`),
  };
}
