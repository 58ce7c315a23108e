// `replay`: reads nothing but the opened export, acts on the named display and on no other, and
// says how many actions it did again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import { childEnvironment } from '../../config.ts';
import type { Session } from '../../session.ts';
import type { ReplayOptions } from './command.ts';
import { readRow } from './export-row.ts';
import { actionsToSteps, type Step } from './steps.ts';

const player = 'xdotool';
const keyMs = 12;
/** For characters that xdotool first has to put on the keyboard: applications must have read it. */
const borrowedKeyMs = 80;
const onKeyboard = /^[\t\n\x20-\x7e]*$/;
const stepMsMax = 120_000;

export async function run(
  { out }: Session,
  { row, display }: ReplayOptions,
  file = '',
): Promise<number> {
  if (!/^[a-z0-9.-]*:\d+(\.\d+)?$/i.test(display)) {
    throw new HandrailError('usage.invalid', 'Name an X display such as :7 with --display.');
  }
  const actions = await readRow(file, row);
  const replayed = await out.during('Replaying', replay(actionsToSteps(actions), display));
  out.print({ actions: actions.length, replayed }, [
    `${replayed} of ${actions.length} actions done.`,
  ]);
  return replayed === actions.length ? 0 : 1;
}

async function replay(
  actions: readonly (readonly Step[] | undefined)[],
  display: string,
): Promise<number> {
  let done = 0;
  for (const steps of actions) {
    if (steps === undefined) continue;
    for (const step of steps) await perform(step, display);
    done += 1;
  }
  return done;
}

async function perform(step: Step, display: string): Promise<void> {
  if (step.kind === 'wait') await delay(step.ms);
  else if (step.kind === 'xdotool') await xdotool(step.args, display, '');
  else {
    const ms = onKeyboard.test(step.text) ? keyMs : borrowedKeyMs;
    await xdotool(['type', '--delay', String(ms), '--file', '-'], display, step.text);
  }
}

async function xdotool(args: readonly string[], display: string, input: string): Promise<void> {
  const child = spawn(player, [...args], {
    env: { ...childEnvironment(), DISPLAY: display },
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: stepMsMax,
  });
  const exit = once(child, 'exit').catch((cause: unknown) => {
    throw new HandrailError('dependency.missing', 'Install xdotool: replay needs it.', { cause });
  });
  // A display that is gone ends xdotool before it reads; its exit code says so.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await exit;
  if (code !== 0) {
    throw new HandrailError(
      'capture.unavailable',
      `Display ${display} does not take input: is it there?`,
    );
  }
}
