import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { utf8 } from '@handrail/core/bytes';
import { signTrajectory } from '@handrail/core/dataset';
import { idOf } from '@handrail/core/ids';
import { unwrapContentKey } from '@handrail/core/open';
import { newSealKeyPair, newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import type { Recipe } from '@handrail/core/statement';
import { expect, test } from 'vitest';
import { refine } from './refine.ts';
import {
  click,
  display,
  frame,
  inForm,
  newMember,
  picture,
  refineTask,
  sealedSegment,
} from './sample-session.ts';
import type { TrajectoryInput, WorkerResult, WorkerTask } from './task.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const repository = fileURLToPath(new URL('../../../../', import.meta.url));

interface Ended {
  readonly result: WorkerResult;
  readonly exitCode: number | null;
  readonly printed: string;
}

/** Without environment, and with Node's permissions for nothing but reading code. */
async function inWorker(task: WorkerTask): Promise<Ended> {
  const child = fork(main, {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {},
    execArgv: [
      ...['--permission', '--allow-addons', '--allow-worker', '--no-warnings'],
      `--allow-fs-read=${repository}`,
    ],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part) => printed.push(String(part)));
  }
  const exit = once(child, 'exit');
  child.send(task);
  const [result] = await once(child, 'message');
  const [exitCode] = await exit;
  return { result, exitCode, printed: printed.join('') };
}

test('a worker process refines one task over IPC, prints nothing and exits', async () => {
  const member = await newMember('someone');
  const events = [display, inForm, ...click(500, 40, 50)];
  const frames = [frame(100, picture(200))];
  const segment = await sealedSegment(member, 0, { events, frames });
  const { result, exitCode, printed } = await inWorker(refineTask(member, [segment]));
  expect(result).toMatchObject({
    kind: 'refine',
    segments: [{ id: segment.id, state: 'refined' }],
    trajectories: [{ facts: { actions: 1 } }],
  });
  if (result.kind !== 'refine') throw new Error('not refined');
  expect(result.trajectories[0]?.body).toBeInstanceOf(Uint8Array);
  expect(printed).toBe('');
  expect(exitCode).toBe(0);
});

test('a worker process builds with threads', async () => {
  const inputs: TrajectoryInput[] = [];
  const vault = await signerFromSeed(newSigningSeed());
  for (const participant of ['p1', 'p2']) {
    const member = await newMember(participant);
    const events = [display, inForm, ...click(500, 40, 50)];
    const segment = await sealedSegment(member, 0, { events, frames: [] });
    const { trajectories } = await refine(refineTask(member, [segment]));
    for (const { facts, headerBytes, body } of trajectories) {
      const { privateKey } = member.trajectory;
      const contentKey = await unwrapContentKey(privateKey, 'trajectory', headerBytes, body);
      const bytes = await signTrajectory(headerBytes, body, vault);
      inputs.push({ id: facts.id, bytes, contentKey, participant });
    }
  }
  const { publicKey: releaseKey } = await newSealKeyPair();
  const purpose = 'train-agents';
  const recipe: Recipe = { purpose, contexts: [{ app: 'chromium' }], actionsMax: 9 };
  const release = idOf('rel', utf8('a release'));
  const order = { release, recipe, purpose, k: 2, inputs, releaseKey, workers: 2 } as const;
  const { result, printed } = await inWorker({ kind: 'build', ...order, codeVersion: '0.1.0' });
  expect(result).toMatchObject({ kind: 'build', rows: 2, participants: 2 });
  expect(printed).toBe('');
});

test('a failure leaves as its code alone', async () => {
  const order = { release: 'rel_x', format: 'agentnet', recipient: 'age1', files: [] } as const;
  const task = { kind: 'export', ...order, header: new Uint8Array() } as const;
  const { result, exitCode, printed } = await inWorker(task);
  expect(result).toEqual({ kind: 'failed', code: 'not.found' });
  expect([exitCode, printed]).toEqual([0, '']);
});

test('a worker whose keeper goes away ends by itself', async () => {
  const child: ChildProcess = fork(main, { serialization: 'advanced', stdio: 'pipe' });
  await once(child, 'spawn');
  child.disconnect();
  const [exitCode] = await once(child, 'exit');
  expect(exitCode).toBe(3);
});
