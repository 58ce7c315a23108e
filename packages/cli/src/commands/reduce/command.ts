// Declares `reduce`: what a recording of another tool means, without storing anything.
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface ReduceOptions {
  readonly format: 'ducktrack' | 'agentnet';
}

export function addReduce(program: Command): void {
  program
    .command('reduce <file>')
    .description('Print the actions of a recording, unredacted; stores nothing')
    .addOption(
      new Option('--format <format>', 'which tool recorded it')
        .choices(['ducktrack', 'agentnet'])
        .makeOptionMandatory(),
    )
    .action(lazily<ReduceOptions>(async () => (await import('./reduce.ts')).run));
}
