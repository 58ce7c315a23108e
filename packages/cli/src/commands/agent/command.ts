// Declares `agent`: recording one's own desktop.
import type { Command } from 'commander';
import { durationMs, lazily } from '../../declare.ts';

export interface AgentOptions {
  readonly display?: string;
  readonly virtualDisplay?: boolean;
  readonly reviewWindow: number;
  readonly model?: string;
  readonly sha256?: string;
}

const dayMs = 86_400_000;

export function addAgent(program: Command): void {
  program
    .command('agent')
    .description('Record, visibly, what your manifest allows, until it is stopped (Ctrl+C)')
    .option('--display <name>', 'the X display to record (default: the one you are on)')
    .option('--virtual-display', 'the display is virtual: injected input counts, and is labelled')
    .option('--review-window <time>', 'how long recordings wait here first', durationMs, dayMs)
    .option('--model <file>', 'also ask this recogniser (a WebAssembly module)')
    .option('--sha256 <hex>', 'the SHA-256 of the recogniser, without which nothing starts')
    .action(lazily<AgentOptions>(async () => (await import('./agent.ts')).run));
}
