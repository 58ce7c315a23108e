// What a style rule is: a function from one file to what is wrong in it.
import type { RepositoryFile } from '../support/repository-files.ts';

/** One place that breaks a rule; `line` counts from 1. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly problem: string;
}

export type Rule = (file: RepositoryFile) => readonly Violation[];

export function violation(file: RepositoryFile, line: number, problem: string): Violation {
  return { path: file.path, line, problem };
}

/** One violation for each line that a check names a problem in. */
export function eachLine(
  file: RepositoryFile,
  problemIn: (line: string) => string | undefined,
): readonly Violation[] {
  return file.text.split('\n').flatMap((line, index) => {
    const problem = problemIn(line);
    return problem === undefined ? [] : [violation(file, index + 1, problem)];
  });
}
