// Declares `mine`: what was made of one's own recordings.
import type { Purpose } from '@handrail/core/statement';
import { type Command, Option } from 'commander';
import { lazily } from '../../declare.ts';

export interface ShowOptions {
  readonly frames?: string;
}

export interface ReadsOptions {
  readonly all?: true;
  readonly proof?: string;
  readonly leaf?: string;
}

export interface ObjectOptions {
  readonly purpose: Purpose;
}

export function addMine(program: Command): void {
  const mine = program.command('mine').description('What was made of your recordings');
  mine
    .command('list')
    .description('Your trajectories, without content')
    .action(lazily<Record<never, never>>(async () => (await import('./list.ts')).run));
  mine
    .command('show <id>')
    .description('Have the vault seal one of yours to you, and print it; it is put on record')
    .option('--frames <dir>', 'also write its pictures there, for you alone')
    .action(lazily<ShowOptions>(async () => (await import('./show.ts')).run));
  mine
    .command('reads')
    .description('Who opened what of yours, when and why, checked against the ledger')
    .option('--all', 'also what the programme itself did, each time')
    .option('--proof <file>', 'save a proof that anyone can check: "handrail ledger check-proof"')
    .option('--leaf <index>', 'with --proof: of which entry (default: the newest)')
    .action(lazily<ReadsOptions>(async () => (await import('./reads.ts')).run));
  mine
    .command('notices')
    .description('What went wrong that concerns yours: what was exposed, since when, what to do')
    .action(lazily<Record<never, never>>(async () => (await import('./notices.ts')).run));
  mine
    .command('receipt')
    .description('What you agreed to, with the proof that it stands in the ledger')
    .action(lazily<Record<never, never>>(async () => (await import('./receipt.ts')).run));
  mine
    .command('certificate')
    .description('What the vault signed of the destruction of what you gave, checked here')
    .action(lazily<Record<never, never>>(async () => (await import('./certificate.ts')).run));
  mine
    .command('object')
    .description('Have your data left out for a purpose from now on; you sign that')
    .addOption(
      new Option('--purpose <purpose>', 'which')
        .choices(['train-agents', 'evaluate-agents', 'improve-redaction'])
        .makeOptionMandatory(),
    )
    .action(lazily<ObjectOptions>(async () => (await import('./object.ts')).object));
  mine
    .command('objections')
    .description('What you object to, and what was answered')
    .action(lazily<Record<never, never>>(async () => (await import('./object.ts')).list));
  addQuarantine(mine);
}

function addQuarantine(mine: Command): void {
  const quarantine = mine
    .command('quarantine')
    .description('Segments that could not be masked safely: only you can look, and decide');
  quarantine
    .command('list', { isDefault: true })
    .description('Which wait, and why')
    .action(lazily<Record<never, never>>(async () => (await import('./quarantine-list.ts')).run));
  quarantine
    .command('show <id>')
    .description('Have the vault seal one to you, and print it; it is put on record')
    .option('--frames <dir>', 'also write its pictures there, for you alone')
    .action(lazily<ShowOptions>(async () => (await import('./quarantine-show.ts')).run));
  quarantine
    .command('release <id>')
    .description('Let it go on, with what could be masked; you sign that')
    .action(
      lazily<Record<never, never>>(async () => (await import('./quarantine-decide.ts')).release),
    );
  quarantine
    .command('delete <id>')
    .description('Have it deleted; nobody opens it any more')
    .action(
      lazily<Record<never, never>>(async () => (await import('./quarantine-decide.ts')).remove),
    );
}
