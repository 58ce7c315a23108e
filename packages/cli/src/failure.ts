// Every failure becomes one line that says what to do, and an exit code. What was captured is never
// in it: messages of other people's code are not passed on.
import { exitCodeOf, HandrailError } from '@handrail/core/errors';

export interface Failure {
  readonly line: string;
  readonly exitCode: 1 | 2 | 3;
}

const fileAdvice: Readonly<Record<string, readonly [advice: string, exitCode: 2 | 3]>> = {
  ENOENT: ['there is no such file or folder', 2],
  EACCES: ['you may not use this file or folder', 2],
  EPERM: ['you may not use this file or folder', 2],
  EISDIR: ['this is a folder: name a file', 2],
  ENOTDIR: ['this is not a folder: name a folder', 2],
  EEXIST: ['it is there already: name another', 2],
  ENOSPC: ['the disk is full: free some space and try again', 3],
  EDQUOT: ['the disk is full: free some space and try again', 3],
  EROFS: ['the disk cannot be written: name another place', 3],
};

export function failureOf(error: unknown): Failure {
  const exitCode = exitCodeOf(error);
  if (error instanceof HandrailError) return { line: oneLine(error.message), exitCode };
  return fileFailure(error) ?? { line: defect(error), exitCode };
}

function fileFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) return undefined;
  const [advice, exitCode] = fileAdvice[String(error.code)] ?? [];
  if (advice === undefined || exitCode === undefined) return undefined;
  return { line: `${String(error.path)}: ${advice}.`, exitCode };
}

/** Where it happened, without the message, which may quote what was read. */
function defect(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = /\n\s+at (?:.*?\()?(?:file:\/\/)?([^\s()]+:\d+:\d+)/.exec(stack)?.[1];
  return `handrail failed (${name}${code}${place ? ` at ${place}` : ''}): please report this line.`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
