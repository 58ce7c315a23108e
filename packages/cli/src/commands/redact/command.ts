// Declares `redact`: the recognisers, on text from standard input.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';
import type { RedactOptions } from './redact.ts';

export function addRedact(program: Command): void {
  program
    .command('redact')
    .description('Read lines {"id","text"}; with --json write findings and the redacted text')
    .option('--model <file>', 'also ask this recogniser (a WebAssembly module)')
    .option('--sha256 <hex>', 'the SHA-256 of the recogniser, without which it does not run')
    .action(lazily<RedactOptions>(async () => (await import('./redact.ts')).run));
}
