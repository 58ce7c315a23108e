// Declares `ledger`: checking the public record, on line or off.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface LedgerOptions {
  readonly url?: string;
}

export interface VerifyOptions extends LedgerOptions {
  readonly key?: string;
  readonly policy?: string;
  readonly since?: string;
}

export interface AuditOptions extends LedgerOptions {
  readonly keep?: string;
  readonly given?: string;
}

export interface CheckProofOptions {
  readonly policy?: string;
}

const url = ['--url <url>', 'the server (default: the one this home knows)'] as const;

export function addLedger(program: Command): void {
  const ledger = program.command('ledger').description('The public record of what was decided');
  ledger
    .command('verify [place]')
    .description('Check every entry, tile and signature: of the server, or of a folder or address')
    .option('--policy <file>', 'whose signatures it must carry: log, witnesses, quorum')
    .option('--since <file>', 'an earlier checkpoint that this ledger must continue')
    .option('--key <file>', 'with a folder: the file that holds the log’s verifier key')
    .option(...url)
    .action(lazily<VerifyOptions>(async () => (await import('./verify.ts')).run));
  ledger
    .command('audit')
    .description('For auditors: who signed each statement, and each decision decided again')
    .option('--keep <file>', 'keep what the server gave, to show it or to audit it again')
    .option('--given <file>', 'audit what was kept, instead of asking the server for it')
    .option(...url)
    .action(lazily<AuditOptions>(async () => (await import('./audit.ts')).run));
  ledger
    .command('check-proof <file>')
    .description('Check, without a network, what "mine reads --proof" saved')
    .option('--policy <file>', 'whose signatures count (default: what this home knows)')
    .action(lazily<CheckProofOptions>(async () => (await import('./check-proof.ts')).run));
  ledger
    .command('export <dir>')
    .description('Write the ledger as C2SP tlog-tiles, with its verifier key')
    .option(...url)
    .action(lazily<LedgerOptions>(async () => (await import('./export.ts')).run));
}
