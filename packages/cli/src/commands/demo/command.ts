// Declares `demo`: the whole walk on a private display, with nothing prepared.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';
import { plantWords } from '../canary/command.ts';

export interface DemoCommandOptions {
  readonly keep?: string;
  readonly plant?: string;
}

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Walk through everything once, on a private display, and check it (3 minutes)')
    .option('--keep <dir>', 'keep all that was written there (default: removed at the end)')
    .option('--plant <file>', plantWords)
    .action(lazily<DemoCommandOptions>(async () => (await import('./demo.ts')).run));
}
