// A worker answers for its own job: whoever takes one over, by what it decodes, can have the vault
// sign nothing of anybody else, name no other files, and say nothing in words of its own.
import { equalBytes, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { parseTrajectory, releaseFileNames, verifyTrajectory } from '@handrail/core/dataset';
import { HandrailError, isErrorCode } from '@handrail/core/errors';
import { isId } from '@handrail/core/ids';
import { capturedContextSchema, coversPlace, digestSchema } from '@handrail/core/statement';
import {
  type BuildResult,
  type BuildTask,
  type RefinedTrajectory,
  type RefineResult,
  type RefineTask,
  type SegmentOutcome,
  segmentReasons,
} from '../../worker/task.ts';
import type { KeeperContext } from '../keeper-context.ts';

/** Throws `internal`. */
export function requireOwnRefined(
  task: RefineTask,
  { segments, trajectories }: RefineResult,
): void {
  const ids = new Set(task.segments.map(({ id }) => id));
  const told = new Set(segments.map(({ id }) => id));
  const isWhole = segments.length === ids.size && [...ids].every((id) => told.has(id));
  if (!isWhole || !segments.every(hasKnownReason)) throw notItsJob();
  const used = trajectories.flatMap((made) => made.segments);
  const isFew = trajectories.length <= ids.size && used.every((id) => ids.has(id));
  if (!isFew || !trajectories.every((made) => isOfTask(task, made))) throw notItsJob();
}

/** Throws `internal`. */
export function requireOwnBuilt(task: BuildTask, result: BuildResult): void {
  const { files, inputs, manifestDigest, trajectories, participants, rows } = result;
  const given = new Set(task.inputs.map(({ id }) => id));
  const names: readonly string[] = Object.values(releaseFileNames);
  const people = new Set(task.inputs.map(({ participant }) => participant));
  const isOwn =
    inputs.every((id) => given.has(id)) &&
    files.every(({ name }) => names.includes(name)) &&
    digestSchema.safeParse(manifestDigest).success &&
    trajectories === inputs.length &&
    Number.isSafeInteger(rows) &&
    participants % task.k === 0 &&
    participants <= people.size;
  if (!isOwn) throw notItsJob();
}

/** An earlier try may have stored it: the same header, signed by this vault, is the same thing. */
export async function requireOwn(
  { signer }: KeeperContext['identity'],
  stored: Uint8Array,
  headerBytes: Uint8Array,
): Promise<void> {
  const sealed = parseTrajectory(stored);
  const own = await verifyTrajectory(sealed, signer.publicKey);
  if (own && equalBytes(sealed.headerBytes, headerBytes)) return;
  throw new HandrailError('state.conflict', 'Another object has the name of this trajectory.');
}

function hasKnownReason({ state, reason }: SegmentOutcome): boolean {
  const states: readonly string[] = ['refined', 'quarantined', 'rejected'];
  if (!states.includes(state)) return false;
  return (
    reason === undefined || isErrorCode(reason) || segmentReasons.some((one) => one === reason)
  );
}

/** What the vault signs is worked out here; the worker's own words only have to be the same. */
function isOfTask(task: RefineTask, { facts, segments, headerBytes }: RefinedTrajectory): boolean {
  const { programme, pseudonym, consentEpoch } = task;
  const { publicKey, day } = task.trajectoryKey;
  const { id: trajectory, actions, contexts } = facts;
  const isForm = isId('traj', trajectory) && Number.isSafeInteger(actions) && facts.day === day;
  if (!isForm || !contexts.every((context) => mayBeTold(task, context))) return false;
  const owner = { v: 1, programme, pseudonym, consentEpoch, day, sealedTo: toBase64url(publicKey) };
  const header = { ...owner, trajectory, actions, contexts, segments: [...segments] };
  return equalBytes(headerBytes, canonicalBytes(header));
}

/** Only places that an accepted manifest names, in the form that it names them in. */
function mayBeTold(task: RefineTask, place: RefinedTrajectory['facts']['contexts'][number]) {
  if (!capturedContextSchema.safeParse({ ...place, mode: 'full' }).success) return false;
  const known = Object.values(task.manifests).flatMap(({ contexts }) => contexts);
  return known.some(({ account: _, ...old }) => coversPlace(old, place));
}

function notItsJob(): HandrailError {
  return new HandrailError('internal', 'The worker answered for more than its job.');
}
