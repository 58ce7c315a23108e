// Declares what a participant can ask and do about their own recording, each in a word.
import type { Command } from 'commander';
import { durationMs, lazily } from '../../declare.ts';

export interface WaitOptions {
  readonly timeout: number;
}

export interface EraseOptions {
  readonly yes?: boolean;
}

export interface DoctorOptions {
  readonly launcher?: string;
}

export interface BudgetOptions {
  readonly bytesPerDay?: string;
  readonly cpu?: string;
  readonly battery?: string;
  readonly uploadOnMetered?: string;
  readonly uploadOnBattery?: string;
}

type None = Record<never, never>;
const waitMs = 120_000;

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('Whether anything is captured, what waits here, and what became of the rest')
    .action(lazily<None>(async () => (await import('./status.ts')).run));
  program
    .command('wait')
    .description('Wait until everything recorded in this home is refined')
    .option('--timeout <time>', 'how long at most', durationMs, waitMs)
    .action(lazily<WaitOptions>(async () => (await import('./wait.ts')).run));
  addSwitches(program);
  addBudget(program);
  addLeaving(program);
  program
    .command('doctor')
    .description('Check what works on this machine, and what to install')
    .option('--launcher <file>', 'write a script that starts Chromium with accessibility on')
    .action(lazily<DoctorOptions>(async () => (await import('./doctor.ts')).run));
}

function addSwitches(program: Command): void {
  program
    .command('pause <time>')
    .description('Stop capture at once, for 5m, 30m, today or forever')
    .action(lazily<None>(async () => (await import('./pause.ts')).run));
  program
    .command('resume')
    .description('End a pause')
    .action(lazily<None>(async () => (await import('./resume.ts')).run));
  program
    .command('forget <span>')
    .description('Destroy what is still on this device: the last 15m, 1h, session or all')
    .action(lazily<None>(async () => (await import('./forget.ts')).run));
  const task = program.command('task').description('Say what you are doing');
  task
    .command('start <text>')
    .description('What you do from now on, in your words; it is redacted and recorded')
    .action(lazily<None>(async () => (await import('./task-start.ts')).run));
  task
    .command('end')
    .description('The task is done')
    .action(lazily<None>(async () => (await import('./task-end.ts')).run));
}

function addBudget(program: Command): void {
  program
    .command('budget')
    .description('What the agent may take of this computer; without options, what it may now')
    .option('--bytes-per-day <size>', 'what is recorded in a day, as 200M')
    .option('--cpu <percent>', 'of one processor core, over about a minute')
    .option('--battery <percent>', 'on battery nothing is captured from this charge down')
    .option('--upload-on-metered <yes|no>', 'hand in over a line that is paid by volume')
    .option('--upload-on-battery <yes|no>', 'hand in while on battery')
    .action(lazily<BudgetOptions>(async () => (await import('./budget.ts')).run));
}

function addLeaving(program: Command): void {
  program
    .command('withdraw')
    .description('End your consent: capture stops here at once, and opening as soon as it is sent')
    .action(lazily<None>(async () => (await import('./withdraw.ts')).run));
  program
    .command('erase')
    .description('Withdraw, and have the keys of everything you gave destroyed')
    .option('--yes', 'do not ask')
    .action(lazily<EraseOptions>(async () => (await import('./erase.ts')).run));
}
