// Runs one task. Failures leave as a code and nothing else: no message, no stack, no content.
import { type ErrorCode, HandrailError } from '@handrail/core/errors';
import { build } from './build.ts';
import { exportRelease } from './export.ts';
import { rebuild } from './rebuild.ts';
import { refine } from './refine.ts';
import { removeBystander } from './remove-bystander.ts';
import {
  taskBytesMax,
  type ViewStep,
  type ViewTask,
  type WorkerResult,
  type WorkerTask,
} from './task.ts';
import { view } from './view.ts';

export async function runTask(task: WorkerTask): Promise<WorkerResult> {
  try {
    if (sealedBytesOf(task) > taskBytesMax) {
      throw new HandrailError('input.too-large', 'The task brings more than 1 GiB.');
    }
    return await dispatch(task);
  } catch (error) {
    return failed(error);
  }
}

/** Each call makes the next chunk of a view. */
export function viewSteps(task: ViewTask): () => Promise<ViewStep> {
  const boxes = view(task);
  return async () => {
    try {
      const { value } = await boxes.next();
      return value === undefined ? { kind: 'ended' } : { kind: 'chunk', box: value };
    } catch (error) {
      return failed(error);
    }
  };
}

function failed(error: unknown): { readonly kind: 'failed'; readonly code: ErrorCode } {
  return { kind: 'failed', code: error instanceof HandrailError ? error.code : 'internal' };
}

function dispatch(task: WorkerTask): Promise<WorkerResult> {
  switch (task.kind) {
    case 'refine':
      return refine(task);
    case 'build':
      return build(task);
    case 'rebuild':
      return rebuild(task);
    case 'export':
      return exportRelease(task);
    case 'remove-bystander':
      return removeBystander(task);
  }
}

function sealedBytesOf(task: WorkerTask): number {
  const all = [];
  if (task.kind === 'refine') all.push(...task.segments);
  else if (task.kind === 'export') all.push(...task.files);
  else all.push(...task.inputs);
  return all.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
