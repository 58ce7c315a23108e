// Declares `witness`: an independent eye on a ledger, run by somebody else than its keeper.
import type { Command } from 'commander';
import { lazily, wholeNumber } from '../../declare.ts';

export interface WitnessOptions {
  readonly key: string;
  readonly state: string;
  readonly log: readonly string[];
  readonly port: number;
}

const portMax = 65_535;
const example = `
The log's line is the first of "verifier-key" in what "handrail ledger export" writes:
  handrail witness --key witness.key --state witness.state --port 8377 --log 'NAME+ID+KEY'
Lose the key and make a new one; lose the state and make a new key.`;

export function addWitness(program: Command): void {
  program
    .command('witness')
    .description('Cosign a ledger’s checkpoints, if each continues the one before (C2SP)')
    .requiredOption('--key <file>', 'its key, made on first use')
    .requiredOption('--state <file>', 'what it must never forget')
    .requiredOption('--log <line...>', 'verifier key lines of the logs to watch')
    .option('--port <n>', 'on 127.0.0.1; 0 takes any free port', wholeNumber(0, portMax), 0)
    .addHelpText('after', example)
    .action(lazily<WitnessOptions>(async () => (await import('./witness.ts')).run));
}
