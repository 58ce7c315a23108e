// What is committed speaks about Handrail only: no path of a machine, no download address, no
// trace of how it came to be written.
import { eachLine, type Rule } from './violation.ts';

// Written in pieces, so that this file does not break its own rule.
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/(^|[^\w./-])\/work\//, 'path of a machine'],
  [/\/tmp\/w(\/|\b)/, 'path of a machine'],
  [/(^|[\s"'`(=])\/(home|Users)\/[a-z]/, 'path of a machine'],
  [new RegExp(`registry\\.(${'npm' + 'js'}|yarnpkg)\\.`), 'download address'],
  [new RegExp(`\\b${'sub'}-?agents?\\b`, 'i'), 'trace of how it was written'],
  [/\bissue\s+#?\d/i, 'number of an issue'],
];

const fixturesFile = 'packages/testbed/src/fixtures.ts';

export const noForbiddenWords: Rule = (file) =>
  eachLine(file, (line) => forbidden.find(([pattern]) => pattern.test(line))?.[1]);

/** Outside fixtures are found in one place; everything else asks it. */
export const outsideFixturesInOnePlace: Rule = (file) =>
  file.path === fixturesFile
    ? []
    : eachLine(file, (line) =>
        line.includes(['..', 'shared'].join('/')) ? 'path outside the repository' : undefined,
      );
