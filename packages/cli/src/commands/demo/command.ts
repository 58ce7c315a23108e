// Declares `demo`: the whole walk on a private display, with nothing prepared.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface DemoCommandOptions {
  readonly keep?: string;
  readonly plant?: string;
}

const inlets = 'password, allowed-field, blocked-window, title, url';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Walk through everything once, on a private display, and check it (3 minutes)')
    .option('--keep <dir>', 'keep all that was written there (default: removed at the end)')
    .option('--plant <file>', `more to plant: lines {"inlet","value"}, inlet one of ${inlets}`)
    .action(lazily<DemoCommandOptions>(async () => (await import('./demo.ts')).run));
}
