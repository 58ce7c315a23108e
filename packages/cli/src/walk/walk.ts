// One walk through the whole organisation, from nothing to its end: its folders, its command line,
// what it says, and whatever it started, which ends with it.
import { once } from 'node:events';
import { HandrailError } from '@handrail/core/errors';
import type { Output } from '../output.ts';
import { CommandLine } from './command-line.ts';
import { applicationFolders, makeFolders, type WalkFolders, writtenFolders } from './folders.ts';
import { Report } from './report.ts';

/** What the steps share. */
export interface Walk {
  readonly folders: WalkFolders;
  readonly line: CommandLine;
  readonly report: Report;
  /** Ends whatever was started, last first. */
  readonly stack: AsyncDisposableStack;
}

export interface WalkOptions {
  /** An empty folder for all that is written; undefined: a temporary one. */
  readonly keep: string | undefined;
  readonly out: Output;
  readonly signal: AbortSignal;
}

export interface WalkResult {
  readonly ok: boolean;
  readonly report: Report;
  readonly folders: WalkFolders;
}

/** What breaks on the way is a check that did not hold. */
export async function takeWalk(
  { keep, out, signal }: WalkOptions,
  steps: (walk: Walk) => Promise<void>,
): Promise<WalkResult> {
  const folders = await makeFolders(keep);
  const report = new Report(out.note);
  const stack = new AsyncDisposableStack();
  const line = stack.use(new CommandLine(folders));
  const walking = steps({ folders, line, report, stack });
  try {
    await Promise.race([walking, aborted(signal)]);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'broken';
    report.check('the walk came to its end', false, why);
  } finally {
    await stack.disposeAsync();
    // What was just being started when it was stopped ends too, before anybody is told.
    await walking.catch(() => undefined);
  }
  report.finish();
  return { ok: report.ok, report, folders };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new HandrailError('state.conflict', 'it was stopped');
}

/** Kept until the end of the walk, which may have come while it was being started. */
export async function held<T extends AsyncDisposable>(
  stack: AsyncDisposableStack,
  starting: Promise<T>,
): Promise<T> {
  const started = await starting;
  if (stack.disposed) await started[Symbol.asyncDispose]();
  return stack.use(started);
}

/** The line for scripts. */
export function resultLine({ ok, report, folders }: WalkResult) {
  return {
    ok,
    checks: report.checks,
    figures: report.figures,
    folders: [...writtenFolders(folders), folders.replay],
    appFolders: applicationFolders(folders),
  };
}
