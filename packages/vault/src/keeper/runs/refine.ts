// Opens consecutive segments of one session for the one standing purpose: to make redacted
// trajectories of them, sealed to the same participant again.

import { signTrajectory } from '@handrail/core/dataset';
import type { RefineResult, RefineTask, SegmentInput, SegmentOutcome } from '../../worker/task.ts';
import { checkConsent } from '../checks/consent.ts';
import { checkPolicy, participantAsking, phaseIn } from '../checks/policy.ts';
import {
  allowed,
  type KeeperContext,
  openingFacts,
  outcomeOf,
  Refusal,
  resultOf,
} from '../keeper-context.ts';
import { x25519PublicKey } from '../keys/x25519.ts';
import { quarantinedOf, rejectedOf, releasedOf } from '../refined-sessions.ts';
import type { JobOutcome } from '../server-port.ts';
import { allowedManifests } from '../state/manifest.ts';
import type { LedgerState } from '../state/state.ts';
import {
  consentQuestion,
  fetchAll,
  type RefineJob,
  refused,
  type Sorted,
  sortSegments,
  unwrapEach,
} from './refine-inputs.ts';
import { requireOwn, requireOwnRefined } from './worker-answers.ts';

/** Workers that may die over one job before its segments are set aside. */
export const workerDeathsMax = 5;
/** Jobs whose deaths are remembered. */
const deathsKeptMax = 10_000;

/** What is refused is refused segment by segment, so that the server knows of each. */
export async function refine(
  context: KeeperContext,
  id: string,
  job: RefineJob,
): Promise<JobOutcome> {
  try {
    return await refineOpened(context, id, job);
  } catch (error) {
    const { outcome } = outcomeOf(error, 'refine');
    if (!(error instanceof Refusal) || outcome === 'retry') throw error;
    const all = job.segments.map((segment) => refused(segment, error.reason));
    return report(context, id, all, undefined);
  }
}

async function refineOpened(
  context: KeeperContext,
  id: string,
  job: RefineJob,
): Promise<JobOutcome> {
  const stored = await fetchAll(context, job.segments);
  const before = await sortSegments(context, await context.ledger.state(), job, stored);
  if (before.good.length === 0) return report(context, id, before.rejected, undefined);
  const intent = {
    kind: 'segments.opening',
    job: id,
    purpose: 'refine',
    tier: 'raw',
    by: { kind: 'programme' },
    concerns: [
      concernOf(
        job,
        before.good.map(({ segment }) => segment.id),
      ),
    ],
  } as const;
  const { state, recorded } = await context.ledger.announce([intent]);
  // Again, under the state that the checkpoint proves: a withdrawal may just have come in.
  const { good, rejected } = await sortSegments(context, state, job, stored);
  const { decision } = allowed(
    checkPolicy(context.policies, {
      action: 'recording.refine',
      programme: state.charter.programme,
      phase: phaseIn(state),
      owner: participantAsking(state, consentQuestion(context, job)),
    }),
  );
  const { inputs, lost } = await unwrapEach(context, job, state, good);
  const result = await runRefine(context, id, job, state, good, inputs);
  const opened = concernOf(
    job,
    inputs.map((input) => input.id),
  );
  const payload = { ...intent, kind: 'segments.opened', concerns: [opened], decision } as const;
  await context.ledger.conclude(payload, { count: inputs.length });
  allowed(checkConsent(await context.ledger.state('fresh'), consentQuestion(context, job)));
  const outcome = await report(context, id, [...rejected, ...lost], result);
  await markRefined(context, job, inputs, good, result);
  return { ...outcome, facts: { ...outcome.facts, ...openingFacts(recorded) } };
}

function concernOf({ pseudonym, consentEpoch }: RefineJob, ids: readonly string[]) {
  return { pseudonym, consentEpoch, ids };
}

async function runRefine(
  context: KeeperContext,
  id: string,
  job: RefineJob,
  state: LedgerState,
  good: Sorted['good'],
  inputs: readonly SegmentInput[],
): Promise<RefineResult | undefined> {
  const day = good.at(-1)?.segment.header.day;
  if (inputs.length === 0 || day === undefined) return undefined;
  try {
    const task = {
      kind: 'refine',
      programme: state.charter.programme,
      pseudonym: job.pseudonym,
      consentEpoch: job.consentEpoch,
      manifests: allowedManifests(state, job.pseudonym, job.consentEpoch),
      segments: inputs,
      ocr: context.ocr,
      model: context.model,
      trajectoryKey: { publicKey: await trajectoryKey(context, job, day), day },
    } as const;
    return await runOrSetAside(context, id, task);
  } finally {
    for (const { contentKey } of inputs) contentKey.fill(0);
  }
}

async function trajectoryKey(context: KeeperContext, job: RefineJob, day: string) {
  const privateKey = await context.keyring.dayKey(job, { tier: 'trajectory', day });
  if (privateKey === undefined) throw new Refusal('keys-destroyed');
  const publicKey = x25519PublicKey(privateKey);
  privateKey.fill(0);
  return publicKey;
}

/**
 * A job over which worker after worker dies, or answers for others, goes into quarantine: kept, and
 * no longer tried. That is so only where a worker with nothing to do lives: else the fault is not
 * the job's.
 */
async function runOrSetAside(
  { workerDeaths, runTask }: KeeperContext,
  id: string,
  task: RefineTask,
): Promise<RefineResult> {
  try {
    const result = resultOf('refine', await runTask(task));
    requireOwnRefined(task, result);
    workerDeaths.delete(id);
    return result;
  } catch (error) {
    const deaths = (workerDeaths.get(id) ?? 0) + 1;
    if (workerDeaths.size >= deathsKeptMax) workerDeaths.clear();
    workerDeaths.set(id, deaths);
    if (deaths < workerDeathsMax) throw error;
    resultOf('refine', await runTask({ ...task, segments: [] }));
    const segments = task.segments.map((segment) => setAside(segment.id));
    return { kind: 'refine', segments, trajectories: [] };
  }
}

function setAside(id: string): SegmentOutcome {
  return { id, state: 'quarantined', reason: 'worker-failed' };
}

/** Signs and stores what the worker made, then says what became of every segment. */
async function report(
  context: KeeperContext,
  id: string,
  rejected: readonly SegmentOutcome[],
  result: RefineResult | undefined,
): Promise<JobOutcome> {
  const trajectories: Parameters<typeof context.server.refined>[0]['trajectories'] = [];
  for (const { facts, segments, headerBytes, body } of result?.trajectories ?? []) {
    const bytes = await signTrajectory(headerBytes, body, context.identity.signer);
    const stored = await context.server.putObject(`trajectories/${facts.id}`, bytes);
    await requireOwn(context.identity, stored, headerBytes);
    trajectories.push({ facts, segments: [...segments] });
  }
  const segments = [...rejected, ...(result?.segments ?? [])];
  await context.server.refined({ job: id, segments, trajectories });
  return {
    outcome: 'done',
    facts: { segments: segments.length, trajectories: trajectories.length },
  };
}

/** After the report: what was reported and not marked is made once more, to the same end. */
async function markRefined(
  { sessions }: KeeperContext,
  { session }: RefineJob,
  inputs: readonly SegmentInput[],
  good: Sorted['good'],
  result: RefineResult | undefined,
): Promise<void> {
  const told = new Map(result?.segments.map((outcome) => [outcome.id, outcome]));
  const released = new Set(inputs.flatMap(({ id, isReleased }) => (isReleased ? [id] : [])));
  const marks = new Map<string, number[]>();
  const mark = (places: string, sequence: number) => {
    marks.set(places, [...(marks.get(places) ?? []), sequence]);
  };
  for (const { segment } of good) {
    const outcome = told.get(segment.id);
    const { sequence } = segment.header;
    if (outcome === undefined) continue;
    if (outcome.state === 'quarantined') mark(quarantinedOf(session), sequence);
    if (outcome.state === 'rejected') mark(rejectedOf(session), sequence);
    if (outcome.reason === 'worker-failed') continue;
    mark(released.has(segment.id) ? releasedOf(session) : session, sequence);
  }
  const day = good.at(-1)?.segment.header.day ?? '';
  for (const [places, sequences] of marks) await sessions.mark(places, sequences, day);
}
