// How commands are declared: names, options and help are light, and what a command does is loaded
// only when it runs, so that no command loads the code of another.
import { type Command, InvalidArgumentError } from 'commander';
import { type GlobalOptions, newSession, type Session } from './session.ts';

/** Does the work of one command; returns the exit code, 0 when it returns nothing. */
export type Run<O> = (
  session: Session,
  options: O,
  ...args: readonly string[]
) => Promise<number | undefined>;

/** The action of a command whose work is loaded when it runs. */
export function lazily<O>(load: () => Promise<Run<O>>) {
  return async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<O & GlobalOptions>();
    const run = await load();
    process.exitCode = (await run(newSession(options), options, ...command.args)) ?? 0;
  };
}

/** Parses a whole number of a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const durationMsMax = 30 * 24 * unitMs.h;

/** Parses `0s`, `30m`, `24h` to milliseconds. */
export function durationMs(text: string): number {
  const [, digits, unit] = /^(\d{1,8})([smh])$/.exec(text) ?? [];
  const value =
    Number(digits) * (unit === 's' || unit === 'm' || unit === 'h' ? unitMs[unit] : NaN);
  if (value <= durationMsMax) return value;
  throw new InvalidArgumentError('Give a time such as 30s, 5m or 24h, at most 720h.');
}
