// Declares `hold`: legal holds, which delay destruction and give nobody anything to read.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface HoldOptions {
  readonly url?: string;
}

export interface PlaceOptions extends HoldOptions {
  readonly participant?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addHold(program: Command): void {
  const hold = program
    .command('hold')
    .description('Legal holds: what would be destroyed is kept, and opened no more than before');
  hold
    .command('place')
    .description('Ask for a hold; it stands once a person of another role approves it')
    .option('--participant <id>', 'over what one participant gave (default: everybody)')
    .option('--from <day>', 'first UTC day, such as 2026-11-23 (default: all days)')
    .option('--to <day>', 'last UTC day')
    .requiredOption('--reason <text>', 'which order it follows; the participant is shown it')
    .option(...url)
    .action(lazily<PlaceOptions>(async () => (await import('./place.ts')).run));
  hold
    .command('approve <id>')
    .description('Sign a hold that another person asked for, exactly as it is shown')
    .option(...url)
    .action(lazily<HoldOptions>(async () => (await import('./approve.ts')).run));
  hold
    .command('release <id>')
    .description('Sign for ending a hold; two roles end it, and what it delayed goes then')
    .option(...url)
    .action(lazily<HoldOptions>(async () => (await import('./release.ts')).run));
  hold
    .command('list')
    .description('Holds, newest first')
    .option(...url)
    .action(lazily<HoldOptions>(async () => (await import('./list.ts')).run));
}
