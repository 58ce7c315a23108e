// Declares `objection`: what participants object to, for those who answer.
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface ObjectionOptions {
  readonly url?: string;
}

export interface AnswerOptions extends ObjectionOptions {
  readonly answer: 'upheld' | 'declined';
  readonly reason: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addObjection(program: Command): void {
  const objection = program
    .command('objection')
    .description('Objections to a purpose: data stays out unless they are declined in time');
  objection
    .command('list')
    .description('Objections, newest first; not whose they are')
    .option(...url)
    .action(lazily<ObjectionOptions>(async () => (await import('./list.ts')).run));
  objection
    .command('answer <digest>')
    .description('Answer one, named by the start of its digest; you sign that')
    .addOption(
      new Option('--answer <answer>', 'what you decide')
        .choices(['upheld', 'declined'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why, for the participant')
    .option(...url)
    .action(lazily<AnswerOptions>(async () => (await import('./answer.ts')).run));
}
