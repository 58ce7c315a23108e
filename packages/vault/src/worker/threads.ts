// Spreads the inputs of a build over threads and brings the results together in the order of ids,
// so that neither the number of threads nor the order of inputs shows.
import { Worker } from 'node:worker_threads';
import { byId } from '@handrail/core/dataset';
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import type { Recipe } from '@handrail/core/statement';
import { type Prepared, prepare, type Share } from './share.ts';
import { type TrajectoryInput, threadsMax } from './task.ts';

export type ShareReply =
  | { readonly kind: 'done'; readonly prepared: readonly Prepared[] }
  | { readonly kind: 'failed'; readonly code: ErrorCode };

/** Throws `usage.invalid`, `input.invalid` for a repeated id, and whatever `prepare` throws. */
export async function prepareAll(
  recipe: Recipe,
  inputs: readonly TrajectoryInput[],
  threads: number,
): Promise<Prepared[]> {
  if (!Number.isInteger(threads) || threads < 1 || threads > threadsMax) {
    throw new HandrailError('usage.invalid', `Give 1 to ${threadsMax} workers.`);
  }
  if (new Set(inputs.map(({ id }) => id)).size !== inputs.length) {
    throw new HandrailError('input.invalid', 'A trajectory is named twice among the inputs.');
  }
  const used = Math.min(threads, inputs.length);
  if (used < 2) return (await prepare({ recipe, inputs })).sort(byId);
  const shares = Array.from({ length: used }, (_, share) => ({
    recipe,
    inputs: inputs.filter((_, at) => at % used === share),
  }));
  return (await Promise.all(shares.map(inThread))).flat().sort(byId);
}

function inThread(share: Share): Promise<readonly Prepared[]> {
  const thread = new Worker(new URL('./share-thread.ts', import.meta.url), { workerData: share });
  return new Promise((resolve, reject) => {
    thread.once('message', (reply: ShareReply) => {
      if (reply.kind === 'done') resolve(reply.prepared);
      else reject(new HandrailError(reply.code, 'A build thread could not prepare its share.'));
    });
    thread.once('error', (cause) => reject(lost(cause)));
    thread.once('exit', () => reject(lost()));
  });
}

function lost(cause?: unknown): HandrailError {
  return new HandrailError('internal', 'A build thread ended without a result.', { cause });
}
