// Declares `programme`: where it stands, stopping it at once, and what takes several to decide.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface ProgrammeOptions {
  readonly url?: string;
}

export interface CloseOptions extends ProgrammeOptions {
  readonly close?: boolean;
}

export interface AmendOptions extends ProgrammeOptions {
  readonly notice?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addProgramme(program: Command): void {
  const programme = program
    .command('programme')
    .description('Where the programme stands; halting, resuming and deciding about it');
  addDecisions(programme);
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

/** Each takes persons of different roles, an officer among them; `approve` is how they sign. */
function addDecisions(programme: Command): void {
  programme
    .command('start')
    .description('Sign for ending the draft')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./start.ts')).run));
  programme
    .command('amend <file>')
    .description('Sign the next charter: the one in force with what the file says')
    .option('--notice <file>', 'the text of the notice, where that is another')
    .option(...url)
    .action(lazily<AmendOptions>(async () => (await import('./amend.ts')).run));
  programme
    .command('policy')
    .description('Sign the policies of this version as those in force')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./policy.ts')).run));
  programme
    .command('recertify <person>')
    .description('Sign that a person of another role keeps it for another while')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./recertify.ts')).run));
  programme
    .command('approve <decision>')
    .description('Sign a decision that waits; the first letters of it are enough')
    .option(...url)
    .action(lazily<ProgrammeOptions>(async () => (await import('./approve.ts')).run));
  programme
    .command('close')
    .description('Sign for ending the programme for good')
    .option('--close', 'do not ask')
    .option(...url)
    .action(lazily<CloseOptions>(async () => (await import('./close.ts')).run));
}
