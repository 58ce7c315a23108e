// Declares `probe`: tries to read as those who may read nothing, and shows when all was shut.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface ProbeOptions {
  readonly url?: string;
  readonly data?: string;
  readonly invite?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addProbe(program: Command): void {
  const probe = program
    .command('probe')
    .description('Try to read as those who may read nothing; what succeeds halts the programme');
  probe
    .command('run', { isDefault: true })
    .description('Try every way once, as the prober of --home; 1 when anything was open')
    .option(...url)
    .option('--data <dir>', 'the folder of an organisation on this machine: its permissions too')
    .option('--invite <invite>', 'first use: lets probes take part as participants without data')
    .action(lazily<ProbeOptions>(async () => (await import('./run.ts')).run));
  probe
    .command('board')
    .description('When each way was last found shut, and the last rounds')
    .option(...url)
    .action(lazily<ProbeOptions>(async () => (await import('./board.ts')).run));
}
