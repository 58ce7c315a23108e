// Declares `console`: reading, and deciding about grants, on a page of this computer.
import type { Command } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface ConsoleOptions {
  readonly url?: string;
  readonly port: number;
}

const portMax = 65_535;

export function addConsole(program: Command): void {
  program
    .command('console')
    .description('Read what you may, and decide about grants, on a local page (Ctrl+C ends it)')
    .option('--url <url>', 'the server (default: the one this home knows)')
    .option('--port <n>', 'on 127.0.0.1 (default: any free one)', wholeNumber(0, portMax), 0)
    .action(lazily<ConsoleOptions>(async () => (await import('./console.ts')).run));
}
