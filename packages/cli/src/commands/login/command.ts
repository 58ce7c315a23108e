// Declares `login`: what a key says about logins, which may stop things and read nothing.
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface TicketOptions {
  readonly url?: string;
  readonly for: 'sign-in' | 'enrol-passkey';
}

export interface LinkOptions {
  readonly url?: string;
  readonly issuer: string;
  readonly subject: string;
  readonly code: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addLogin(program: Command): void {
  const login = program.command('login').description('Logins: they stop things, and never read');
  login
    .command('link')
    .description('A one-time ticket to sign in with; it counts once, for ten minutes')
    .option(...url)
    .addOption(
      new Option('--for <purpose>', 'what it opens')
        .choices(['sign-in', 'enrol-passkey'])
        .default('sign-in'),
    )
    .action(lazily<TicketOptions>(async () => (await import('./ticket.ts')).run));
  login
    .command('claim')
    .description('Say that an open login is yours; it shows issuer, subject and code')
    .option(...url)
    .requiredOption('--issuer <issuer>', 'as it shows')
    .requiredOption('--subject <subject>', 'as it shows')
    .requiredOption('--code <code>', 'as it shows')
    .action(lazily<LinkOptions>(async () => (await import('./claim.ts')).run));
}
