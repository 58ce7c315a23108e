// Declares `device`: ending one's own.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface DeviceOptions {
  readonly yes?: boolean;
}

export function addDevice(program: Command): void {
  program
    .command('device')
    .description('This device of yours')
    .command('revoke')
    .description('End it for good, before you give it away: it may withdraw, and nothing else')
    .option('--yes', 'do it')
    .action(lazily<DeviceOptions>(async () => (await import('./revoke.ts')).run));
}
