// A worker process: takes one task from the keeper over IPC, answers it, and ends. It has no keys
// of its own, reads no configuration and prints nothing.
import { runTask, viewSteps } from './run.ts';
import type { ViewStep, ViewTask, WorkerResult, WorkerTask } from './task.ts';

const exitBroken = 3;

process.once('message', async (task: WorkerTask | ViewTask) => {
  if (task.kind === 'view') showWhenAsked(task);
  else answer(await runTask(task));
});

/** One chunk for each word from the keeper; it ends with the last one, or with the keeper. */
function showWhenAsked(task: ViewTask): void {
  const next = viewSteps(task);
  process.on('message', async () => {
    const step = await next();
    if (step.kind === 'chunk') process.send?.(step);
    else answer(step);
  });
}

// Node would print the error, and with it what it was about.
process.once('uncaughtException', () => answer({ kind: 'failed', code: 'internal' }));
process.once('disconnect', () => process.exit(exitBroken));

function answer(result: WorkerResult | ViewStep): void {
  process.send?.(result, undefined, undefined, () => {
    process.removeAllListeners('disconnect');
    process.disconnect?.();
    process.exit(0);
  });
}
