// Declares `drill`: the incident that this all answers to, acted out on an organisation of its own.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface DrillCommandOptions {
  readonly keep?: string;
}

export function addDrill(program: Command): void {
  program
    .command('drill')
    .description(
      'Open everything to everyone on an organisation of its own; see what is read (2 to 3 min)',
    )
    .option('--keep <dir>', 'keep all that was written there (default: removed at the end)')
    .action(lazily<DrillCommandOptions>(async () => (await import('./drill.ts')).run));
}
