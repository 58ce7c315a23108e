// Declares `backup` and `restore`: everything of an organisation but the vault's own keys.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface BackupOptions {
  readonly out: string;
  readonly data?: string;
  readonly record?: boolean;
}

export interface RestoreOptions {
  readonly data?: string;
  readonly record?: string;
}

const data = ['--data <dir>', 'the data of "up" (default: ~/.handrail/organisation)'] as const;

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description(
      'Copy an organisation that is stopped, all but its vault’s keys, which have no copy',
    )
    .requiredOption('--out <dir>', 'a new folder')
    .option('--record', 'only ledger, statements and journal; also while it runs')
    .option(...data)
    .action(lazily<BackupOptions>(async () => (await import('./backup.ts')).run));
  program
    .command('restore <dir>')
    .description('Put a backup in place; what was taken back since then stays taken back')
    .option('--record <dir>', 'a newer copy made with "backup --record"')
    .option(...data)
    .action(lazily<RestoreOptions>(async () => (await import('./restore.ts')).run));
}
