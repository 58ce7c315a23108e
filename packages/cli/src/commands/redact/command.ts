// Declares `redact`: the recognisers, on text from standard input.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export function addRedact(program: Command): void {
  program
    .command('redact')
    .description('Read lines {"id","text"}; with --json write findings and the redacted text')
    .action(lazily<Record<never, never>>(async () => (await import('./redact.ts')).run));
}
