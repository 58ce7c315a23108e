// A worker process: takes one task from the keeper over IPC, answers it, and ends. It has no keys
// of its own, reads no configuration and prints nothing.
import { runTask } from './run.ts';
import type { WorkerResult, WorkerTask } from './task.ts';

const exitBroken = 3;

process.once('message', async (task: WorkerTask) => {
  answer(await runTask(task));
});

// Node would print the error, and with it what it was about.
process.once('uncaughtException', () => answer({ kind: 'failed', code: 'internal' }));
process.once('disconnect', () => process.exit(exitBroken));

function answer(result: WorkerResult): void {
  process.send?.(result, undefined, undefined, () => {
    process.removeAllListeners('disconnect');
    process.disconnect?.();
    process.exit(0);
  });
}
