// Refining: verify, decode, redact again, reduce, pair, assemble, reseal. The order of DESIGN's
// walk; no clock and no randomness but that of sealing.
import { toBase64url } from '@handrail/core/bytes';
import {
  assemble,
  type OpenedSegment,
  sealTrajectory,
  type Trajectory,
  type TrajectoryHeader,
} from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import { KnownValues } from '@handrail/core/pixels';
import { loadRecogniser, useRecogniser } from '@handrail/core/redact';
import type { TrajectoryFacts } from '@handrail/core/wire';
import { openEngine } from './ocr/engine.ts';
import { openSegment, type Verified, verifySegment } from './open-segment.ts';
import { redactActions } from './redact-again.ts';
import {
  type RefinedTrajectory,
  type RefineResult,
  type RefineTask,
  type SegmentInput,
  type SegmentOutcome,
  segmentsPerTaskMax,
} from './task.ts';

/** Most events of one task; what is beyond would not fit into a worker's memory. */
const eventsPerTaskMax = 2_000_000;

export async function refine(task: RefineTask): Promise<RefineResult> {
  if (task.segments.length > segmentsPerTaskMax) {
    throw new HandrailError('input.too-large', `Refine at most ${segmentsPerTaskMax} segments.`);
  }
  if (task.model) useRecogniser(await loadRecogniser(task.model.bytes, task.model.sha256));
  const outcomes = new Map<string, SegmentOutcome>();
  const verified = await inOrder(task, outcomes);
  const opened = await openAll(task, verified, outcomes);
  const [first] = verified;
  const trajectories = first ? await trajectoriesOf(task, opened, first.verified) : [];
  const segments = task.segments.map(({ id }): SegmentOutcome => {
    return outcomes.get(id) ?? { id, state: 'rejected', reason: 'internal' };
  });
  return { kind: 'refine', segments, trajectories };
}

/** All segments of a session have its display and its manifest. */
async function trajectoriesOf(
  task: RefineTask,
  opened: readonly OpenedSegment[],
  { segment, manifest }: Pending['verified'],
): Promise<RefinedTrajectory[]> {
  const { display } = segment.header;
  const trajectories: RefinedTrajectory[] = [];
  for (const trajectory of assemble(opened, { pseudonym: task.pseudonym, display })) {
    trajectories.push(await resealed(task, redactActions(trajectory, manifest)));
  }
  return trajectories;
}

interface Pending {
  readonly input: SegmentInput;
  readonly verified: Verified & { readonly kind: 'verified' };
}

/** Genuine segments of one session by sequence, each sequence once. */
async function inOrder(task: RefineTask, outcomes: Map<string, SegmentOutcome>) {
  const pending: Pending[] = [];
  for (const input of task.segments) {
    const verified = await verifySegment(task, input);
    if (verified.kind === 'verified') pending.push({ input, verified });
    else outcomes.set(input.id, { id: input.id, state: 'rejected', reason: verified.reason });
  }
  pending.sort((a, b) => headerOf(a).sequence - headerOf(b).sequence || order(a, b));
  return pending.filter((each, at) => {
    const reason = whyNotNext(pending[0], pending[at - 1], each);
    if (reason === undefined) return true;
    outcomes.set(each.input.id, { id: each.input.id, state: 'rejected', reason });
    return false;
  });
}

function whyNotNext(first: Pending | undefined, before: Pending | undefined, each: Pending) {
  if (first === undefined || before === undefined) return undefined;
  const [header, leading] = [headerOf(each), headerOf(first)];
  const isSame =
    header.session === leading.session &&
    header.display === leading.display &&
    header.manifest === leading.manifest;
  if (!isSame) return 'session.other';
  return headerOf(before).sequence === header.sequence ? 'sequence.repeated' : undefined;
}

function headerOf(pending: Pending) {
  return pending.verified.segment.header;
}

function order(a: Pending, b: Pending): number {
  return a.input.id < b.input.id ? -1 : 1;
}

async function openAll(
  task: RefineTask,
  pending: readonly Pending[],
  outcomes: Map<string, SegmentOutcome>,
): Promise<OpenedSegment[]> {
  await using engine = openEngine(task.ocr);
  const layouts = { byEpoch: new Map(), current: undefined };
  const session = { layouts, known: new KnownValues(), engine };
  const opened: OpenedSegment[] = [];
  let eventsLeft = eventsPerTaskMax;
  for (const { input, verified } of pending) {
    const opening = await openSegment(verified, input, session);
    if (opening.kind === 'opened' && opening.segment.events.length > eventsLeft) {
      outcomes.set(input.id, { id: input.id, state: 'rejected', reason: 'input.too-large' });
    } else if (opening.kind === 'opened') {
      eventsLeft -= opening.segment.events.length;
      opened.push(opening.segment);
      outcomes.set(input.id, { id: input.id, state: 'refined' });
    } else {
      outcomes.set(input.id, { id: input.id, state: opening.kind, reason: opening.reason });
    }
  }
  return opened;
}

async function resealed(task: RefineTask, trajectory: Trajectory): Promise<RefinedTrajectory> {
  const { publicKey, day } = task.trajectoryKey;
  const segments = trajectory.segments.map(({ id }) => id);
  const facts: TrajectoryFacts = {
    id: trajectory.id,
    day,
    actions: trajectory.actions.length,
    contexts: factContexts(trajectory),
  };
  const header: TrajectoryHeader = {
    v: 1,
    programme: task.programme,
    pseudonym: task.pseudonym,
    consentEpoch: task.consentEpoch,
    trajectory: trajectory.id,
    day,
    sealedTo: toBase64url(publicKey),
    actions: facts.actions,
    contexts: facts.contexts,
    segments,
  };
  return { facts, segments, header, ...(await sealTrajectory(header, trajectory)) };
}

function factContexts({ contexts }: Trajectory): TrajectoryFacts['contexts'] {
  const unique = new Map<string, TrajectoryFacts['contexts'][number]>();
  for (const { app, origin } of contexts) {
    unique.set(`${app} ${origin ?? ''}`, origin === undefined ? { app } : { app, origin });
  }
  return [...unique.values()];
}
