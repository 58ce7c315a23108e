// Declares `programme`: whether it runs, stopping it at once, and going on when enough agree.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface ProgrammeOptions {
  readonly url?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addProgramme(program: Command): void {
  const programme = program
    .command('programme')
    .description('Whether the programme runs; halting and resuming it');
  programme
    .command('show')
    .description('Whether the programme runs, and the resume that waits for signatures')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./show.ts')).run));
  programme
    .command('halt')
    .description('Stop capture, intake and every opening; one person is enough')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./halt.ts')).run));
  programme
    .command('resume')
    .description('Sign for going on; it takes persons of different roles, an officer among them')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./resume.ts')).run));
}
