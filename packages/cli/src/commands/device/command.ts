// Declares `device`: ending one's own.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface DeviceOptions {
  readonly url?: string;
  readonly yes?: boolean;
}

export function addDevice(program: Command): void {
  program
    .command('device')
    .description('Ending a device')
    .command('revoke [pseudonym]')
    .description(
      'End it for good: it may withdraw and erase, and nothing else. Yours, unless named',
    )
    .option('--yes', 'do it')
    .option('--url <url>', 'the server, where a person of the charter ends a device of another')
    .action(lazily<DeviceOptions>(async () => (await import('./revoke.ts')).run));
}
