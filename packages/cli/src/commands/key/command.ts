// Declares `key new`: keys of a person who is to be named in a charter.
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface KeyOptions {
  readonly role: string;
}

// The same list as the charter's; a test holds them together.
export const roleNames = ['steward', 'officer', 'researcher', 'auditor', 'incident', 'prober'];

export function addKey(program: Command): void {
  const key = program.command('key').description('Keys of a person of the charter');
  key
    .command('new')
    .description("Make a person's keys in --home; print what the charter and grants name")
    .addOption(
      new Option('--role <role>', 'what the person does').choices(roleNames).makeOptionMandatory(),
    )
    .action(lazily<KeyOptions>(async () => (await import('./new.ts')).run));
}
