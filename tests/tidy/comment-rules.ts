// Comments say why, open every source with its promise, and neither silence a checker nor leave
// work behind.
import { eachLine, type Rule, violation } from './violation.ts';

const openingLinesMax = 3;

// Written in pieces, so that this file does not break its own rule.
const silencers = new RegExp(
  `@ts-(${['ignore', 'expect-error', 'nocheck'].join('|')})|biome-${'ignore'}`,
);
const leftovers = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
);

export const noSilencedChecks: Rule = (file) =>
  eachLine(file, (line) => (silencers.test(line) ? 'silences a checker' : undefined));

export const noLeftovers: Rule = (file) =>
  eachLine(file, (line) => (leftovers.test(line) ? 'work left for later' : undefined));

const withoutPromise = /\.test\.tsx?$|\.config\.(ts|mjs)$|\.d\.m?ts$/;

/** The first thing in a source is a comment of one to three lines. Tests are named by sentences. */
export const opensWithPromise: Rule = (file) => {
  if (withoutPromise.test(file.path)) return [];
  const lines = file.text.split('\n');
  if (lines[0]?.startsWith('#!')) lines.shift();
  const opening = openingCommentLines(lines);
  if (opening === 0) return [violation(file, 1, 'opens without saying what it promises')];
  return opening > openingLinesMax
    ? [violation(file, 1, `opening comment of ${opening} lines, at most ${openingLinesMax}`)]
    : [];
};

function openingCommentLines(lines: readonly string[]): number {
  if (lines[0]?.startsWith('/*')) return lines.findIndex((line) => line.includes('*/')) + 1;
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return end === -1 ? lines.length : end;
}
