// Declares `up`: the organisation on one machine.
import type { Command } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface UpOptions {
  readonly data?: string;
  readonly port?: number;
  readonly database?: string;
  readonly k?: number;
}

const portMax = 65_535;
const kMax = 1_000;

export function addUp(program: Command): void {
  program
    .command('up')
    .description('Run an organisation on this machine: server, vault and witness, until stopped')
    .option('--data <dir>', 'its data (default: ~/.handrail/organisation); keys lie beside it')
    .option('--port <n>', 'where it listens on this machine', wholeNumber(0, portMax))
    .option('--database <url>', 'PostgreSQL instead of files under --data')
    .option('--k <n>', 'first use: fewest participants of a release (5)', wholeNumber(1, kMax))
    .action(lazily<UpOptions>(async () => (await import('./up.ts')).run));
}
