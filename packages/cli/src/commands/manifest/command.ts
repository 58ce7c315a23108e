// Declares `manifest`: what is captured, proposed and approved by persons of the charter.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface ManifestOptions {
  readonly url?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addManifest(program: Command): void {
  const manifest = program
    .command('manifest')
    .description('What is captured, and in which contexts');
  manifest
    .command('show')
    .description('All manifests of the programme, newest first')
    .option(...url)
    .action(lazily<ManifestOptions>(async () => (await import('./show.ts')).run));
  manifest
    .command('set <file>')
    .description('Propose a manifest: a narrower one is active at once, a wider one when approved')
    .option(...url)
    .action(lazily<ManifestOptions>(async () => (await import('./set.ts')).run));
  manifest
    .command('approve <id>')
    .description('Approve a pending manifest; it takes persons of different roles')
    .option(...url)
    .action(lazily<ManifestOptions>(async () => (await import('./approve.ts')).run));
}
