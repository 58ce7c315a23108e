// Declares `replay`: doing again what one row of an opened export says, on a display.
import type { Command } from 'commander';
import { lazily } from '../../declare.ts';

export interface ReplayOptions {
  readonly row: string;
  readonly display: string;
}

export function addReplay(program: Command): void {
  program
    .command('replay <file>')
    .description('Do again what one trajectory of an opened AgentNet export says, with xdotool')
    .requiredOption('--row <id>', 'the trajectory (task_id of its line)')
    .requiredOption('--display <name>', 'the X display to act on, such as :7')
    .action(lazily<ReplayOptions>(async () => (await import('./replay.ts')).run));
}
