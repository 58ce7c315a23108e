// The entry of a build thread: one share in, what became of it out.
import { parentPort, workerData } from 'node:worker_threads';
import { HandrailError } from '@handrail/core/errors';
import { prepare, type Share } from './share.ts';
import type { ShareReply } from './threads.ts';

async function run(share: Share): Promise<ShareReply> {
  try {
    return { kind: 'done', prepared: await prepare(share) };
  } catch (error) {
    return { kind: 'failed', code: error instanceof HandrailError ? error.code : 'internal' };
  }
}

parentPort?.postMessage(await run(workerData));
