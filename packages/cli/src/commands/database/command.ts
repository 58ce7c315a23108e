// Declares `database`: making a PostgreSQL database ready for a server.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface DatabaseOptions {
  readonly adminUrl: string;
  readonly passwordFile?: string;
}

export function addDatabase(program: Command): void {
  const database = program.command('database').description('PostgreSQL for a server');
  database
    .command('prepare')
    .description('Make or update roles, tables and rights; first, and for every new version')
    .requiredOption('--admin-url <url>', 'an administrator’s address of it: postgres://…')
    .option('--password-file <file>', 'holds the password that handrail_server shall sign in with')
    .action(lazily<DatabaseOptions>(async () => (await import('./prepare.ts')).run));
}
