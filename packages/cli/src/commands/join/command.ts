// Declares `join` and `accept`: taking part, and agreeing to a wider manifest.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface JoinOptions {
  readonly invite: string;
  readonly name: string;
  readonly accept?: boolean;
}

export interface AcceptOptions {
  readonly accept?: boolean;
}

export function addJoin(program: Command): void {
  program
    .command('join <url>')
    .description('Take part: shows the notice and what is captured, and asks for your consent')
    .requiredOption('--invite <code>', 'the code that you were given, whole')
    .requiredOption('--name <name>', 'what the organisation may call you')
    .option('--accept', 'consent without being asked: you have read the notice')
    .action(lazily<JoinOptions>(async () => (await import('./join.ts')).run));
  program
    .command('accept [id]')
    .description('Consent to the manifest that is active now, after it became wider')
    .option('--accept', 'consent without being asked: you have read what is captured')
    .action(lazily<AcceptOptions>(async () => (await import('./accept.ts')).run));
}
