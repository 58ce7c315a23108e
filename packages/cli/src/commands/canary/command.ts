// Declares `canary`: how much of what goes in comes out again, measured on a recorded session.
import { type Command, Option } from 'commander';
import { inlets } from '../../canary/inlets.ts';
import { type Mode, modes } from '../../canary/mode.ts';
import { lazily, wholeNumber } from '../../declare.ts';

export interface CanaryCommandOptions {
  readonly count: number;
  readonly mode: Mode;
  readonly plant?: string;
  readonly keep?: string;
}

const countMin = 20;
const countMax = 5_000;
const countUnlessTold = 240;
const names = inlets.join(', ');
export const plantWords = `more to plant: lines {"inlet","value","class"?}, inlet one of ${names}`;

export function addCanary(program: Command): void {
  program
    .command('canary')
    .description('Plant values in a recorded session, and count what can be recovered (minutes)')
    .option(
      '--count <n>',
      'how many values, about',
      wholeNumber(countMin, countMax),
      countUnlessTold,
    )
    .option('--plant <file>', plantWords)
    .option('--keep <dir>', 'keep all that was written there (default: removed at the end)')
    .addOption(
      new Option('--mode <mode>', 'what the manifest keeps of each context')
        .choices(modes)
        .default('full'),
    )
    .action(lazily<CanaryCommandOptions>(async () => (await import('./canary.ts')).run));
}
