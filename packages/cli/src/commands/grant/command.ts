// Declares `grant`: asking to read, and deciding about it.
import { type Command, Option } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface GrantOptions {
  readonly url?: string;
}

export interface RequestOptions extends GrantOptions {
  readonly purpose: string;
  readonly scope: string;
  readonly tier: string;
  readonly hours: number;
  readonly reason: string;
}

// The same lists as the charter's; a test holds them together.
export const purposeNames = ['train-agents', 'evaluate-agents', 'improve-redaction'];
export const tierNames = ['raw', 'trajectory', 'release'];
const hoursMax = 8;

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addGrant(program: Command): void {
  const grant = program.command('grant').description('Who may read what, why and until when');
  grant
    .command('request')
    .description('Ask for a grant, held by the person of --home')
    .addOption(
      new Option('--purpose <purpose>', 'what for').choices(purposeNames).makeOptionMandatory(),
    )
    .requiredOption(
      '--scope <file>',
      '{"trajectories":[ID,...]}, {"segments":[ID,...]} for tier raw, a recipe for release',
    )
    .addOption(new Option('--tier <tier>', 'what kind').choices(tierNames).makeOptionMandatory())
    .requiredOption('--hours <n>', 'counted from approval, 1 to 8', wholeNumber(1, hoursMax))
    .requiredOption('--reason <text>', 'in your words; the deciders read it')
    .option(...url)
    .action(lazily<RequestOptions>(async () => (await import('./request.ts')).run));
  grant
    .command('approve <id>')
    .description('Sign what was asked for, exactly as it is shown')
    .option(...url)
    .action(lazily<GrantOptions>(async () => (await import('./approve.ts')).run));
  grant
    .command('revoke <id>')
    .description('End a grant at once')
    .option(...url)
    .action(lazily<GrantOptions>(async () => (await import('./revoke.ts')).run));
  grant
    .command('list')
    .description('Grants: all for those who decide, one’s own for researchers')
    .option(...url)
    .action(lazily<GrantOptions>(async () => (await import('./list.ts')).run));
}
