// Declares `import`: recordings of other tools, under the same rules as one's own.
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface ImportOptions {
  readonly format: 'ducktrack' | 'agentnet';
}

export function addImport(program: Command): void {
  program
    .command('import <file>')
    .description('Take in a recording of DuckTrack or AgentNet’s tool, if the manifest names it')
    .addOption(
      new Option('--format <format>', 'which tool recorded it')
        .choices(['ducktrack', 'agentnet'])
        .makeOptionMandatory(),
    )
    .action(lazily<ImportOptions>(async () => (await import('./import.ts')).run));
}
