// The trajectories that may go into a release: made by this vault, of participants who consent now.
// Those that may not are left out, so a withdrawal narrows a release and never stops it.
import { createHash } from 'node:crypto';
import { toBase64url } from '@handrail/core/bytes';
import { parseTrajectory, type SealedTrajectory } from '@handrail/core/dataset';
import { HandrailError } from '@handrail/core/errors';
import type { Purpose } from '@handrail/core/statement';
import { type TrajectoryInput, taskBytesMax } from '../../worker/task.ts';
import type { CandidateFacts } from '../checks/build.ts';
import { checkTrajectory } from '../checks/trajectory.ts';
import { type KeeperContext, Refusal } from '../keeper-context.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import { unwrapTrajectory } from '../keys/unwrap.ts';
import type { Concern } from '../ledger/opening-entries.ts';
import type { LedgerState } from '../state/state.ts';

export interface StoredCandidate {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly sealed: SealedTrajectory;
}

/** Fetches and parses; what is missing or malformed is left out. Throws `Refusal` over 1 GiB. */
export async function fetchCandidates(
  context: KeeperContext,
  ids: readonly string[],
): Promise<readonly StoredCandidate[]> {
  const found: StoredCandidate[] = [];
  let total = 0;
  for (const id of new Set(ids)) {
    try {
      const bytes = await context.server.getObject(`trajectories/${id}`);
      total += bytes.length;
      found.push({ id, bytes, sealed: parseTrajectory(bytes) });
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    if (total > taskBytesMax) throw new Refusal('too-many-bytes');
  }
  return found;
}

function isAbsent(error: unknown): boolean {
  const codes = ['not.found', 'format.unknown', 'format.truncated', 'input.invalid'];
  return error instanceof HandrailError && codes.includes(error.code);
}

/** Those whose participants consent now, to this purpose; none that another has replaced. */
export async function consentingOnly(
  context: KeeperContext,
  state: LedgerState,
  candidates: readonly StoredCandidate[],
  purpose: Purpose,
): Promise<readonly StoredCandidate[]> {
  const kept: StoredCandidate[] = [];
  for (const candidate of candidates) {
    const { id, sealed } = candidate;
    if (context.removals.has(id)) continue;
    const vaultKey = context.identity.publicKey;
    const question = { id, vaultKey, nowMs: context.nowMs(), purpose };
    if ((await checkTrajectory(state, sealed, question)).kind === 'allowed') kept.push(candidate);
  }
  return kept;
}

export function factsOfCandidates(candidates: readonly StoredCandidate[]): CandidateFacts[] {
  return candidates.map(({ sealed, bytes }) => ({
    pseudonym: sealed.header.pseudonym,
    bytes: bytes.length,
  }));
}

export function participantsOf(candidates: readonly StoredCandidate[]): ParticipantEpoch[] {
  const owners = new Map<string, ParticipantEpoch>();
  for (const { sealed } of candidates) {
    const { pseudonym, consentEpoch } = sealed.header;
    owners.set(`${pseudonym} ${consentEpoch}`, { pseudonym, consentEpoch });
  }
  return [...owners.values()];
}

/** What of whom is opened with these. */
export function concernsOf(candidates: readonly StoredCandidate[]): readonly Concern[] {
  return participantsOf(candidates).map((owner) => {
    const theirs = candidates.filter(({ sealed: { header } }) => {
      return header.pseudonym === owner.pseudonym && header.consentEpoch === owner.consentEpoch;
    });
    return { ...owner, ids: theirs.map(({ id }) => id) };
  });
}

export async function unwrapCandidates(
  context: KeeperContext,
  release: string,
  candidates: readonly StoredCandidate[],
): Promise<TrajectoryInput[]> {
  const inputs: TrajectoryInput[] = [];
  for (const { id, bytes, sealed } of candidates) {
    const contentKey = await unwrapTrajectory(context, sealed);
    const participant = labelOf(context, release, sealed.header.pseudonym);
    inputs.push({ id, bytes, contentKey, participant });
  }
  return inputs;
}

/** Equal for one participant within a release, unlinkable between releases, the same on rebuild. */
function labelOf(context: KeeperContext, release: string, pseudonym: string): string {
  const label = context.identity.derive('release-participant', `${release}\n${pseudonym}`);
  return toBase64url(label.subarray(0, 16));
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
