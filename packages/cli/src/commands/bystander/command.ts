// Declares `bystander`: somebody who never joined asks to be found and taken out.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface BystanderOptions {
  readonly url?: string;
}

export interface RequestOptions {
  readonly url: string;
  readonly fingerprint: string;
  readonly file?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addBystander(program: Command): void {
  const bystander = program
    .command('bystander')
    .description('People who were on a screen and never joined: find and take out, unread');
  bystander
    .command('request')
    .description('Seal to the vault what you may be found by, one a line on standard input')
    .requiredOption('--url <url>', "the programme's server")
    .requiredOption('--fingerprint <words>', 'as the notice of the programme prints it')
    .option('--file <file>', 'read the lines from a file instead')
    .addHelpText(
      'after',
      [
        '',
        'Names in two words, e-mail addresses, phone numbers, handles; at most 20 lines. They',
        'leave this machine sealed: neither the server nor those who decide can read them.',
      ].join('\n'),
    )
    .action(lazily<RequestOptions>(async () => (await import('./request.ts')).run));
  bystander
    .command('status <id>')
    .description('What became of a request; never where somebody was found')
    .requiredOption('--url <url>', "the programme's server")
    .action(lazily<BystanderOptions>(async () => (await import('./status.ts')).run));
  bystander
    .command('list')
    .description('Requests that a steward and an officer decide on, newest first')
    .option(...url)
    .action(lazily<BystanderOptions>(async () => (await import('./list.ts')).run));
  bystander
    .command('approve <id>')
    .description('Sign for carrying out a request; it takes a steward and an officer')
    .option(...url)
    .action(lazily<BystanderOptions>(async () => (await import('./approve.ts')).run));
}
