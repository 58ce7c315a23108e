// Opens some trajectories of one participant to look for a bystander. All of them have the same
// entries in the ledger, found or not, so that those tell nobody where somebody was.

import { requestAad } from '@handrail/core/bystander';
import { equalBytes } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { unwrapContentKey } from '@handrail/core/open';
import type { BystanderResult } from '../../worker/task.ts';
import { checkConsent } from '../checks/consent.ts';
import { checkPolicy, participantAsking, phaseIn } from '../checks/policy.ts';
import { checkTrajectory } from '../checks/trajectory.ts';
import { allowed, isPassing, type KeeperContext, Refusal, resultOf } from '../keeper-context.ts';
import type { ParticipantEpoch } from '../keys/keyring.ts';
import { unwrapTrajectory } from '../keys/unwrap.ts';
import type { Intent } from '../ledger/ledger-access.ts';
import type { LedgerState } from '../state/state.ts';
import { fetchCandidates, type StoredCandidate } from './candidates.ts';

export interface Search {
  readonly job: string;
  readonly request: string;
  /** The sealed request. */
  readonly box: Uint8Array;
  readonly owner: ParticipantEpoch;
  readonly ids: readonly string[];
}

/** Sealed again without the bystander, not signed yet. */
export interface Found {
  readonly id: string;
  readonly next: string;
  readonly owner: ParticipantEpoch;
  readonly segments: readonly string[];
  readonly headerBytes: Uint8Array;
  readonly body: Uint8Array;
}

export async function searchSome(
  context: KeeperContext,
  search: Search,
): Promise<{ readonly found: readonly Found[]; readonly searched: number }> {
  const { ledger, policies } = context;
  const { job, owner, ids } = search;
  if (!mayBeSearched(context, await ledger.state(), owner)) return { found: [], searched: 0 };
  const stored = await fetchCandidates(context, ids);
  const concerns = [{ ...owner, ids: stored.map(({ id }) => id) }];
  if (stored.length === 0) return { found: [], searched: 0 };
  const intent: Intent = {
    ...{ kind: 'trajectories.opening', job, purpose: 'bystander', tier: 'trajectory' },
    ...{ by: { kind: 'programme' }, concerns },
  };
  const { state } = await ledger.announce([intent]);
  const good = await searchable(context, state, owner, stored);
  const { decision } = allowed(
    checkPolicy(policies, {
      action: 'recording.refine',
      programme: state.charter.programme,
      phase: phaseIn(state),
      owner: participantAsking(state, questionOf(context, owner)),
    }),
  );
  const found = good.length === 0 ? [] : await runSearch(context, state, search, good);
  await ledger.conclude({ ...intent, kind: 'trajectories.opened', decision });
  return { found, searched: good.length };
}

/** False where they have left or their consent is late. Throws `Refusal` where nothing opens. */
export function mayBeSearched(
  context: KeeperContext,
  state: LedgerState,
  owner: ParticipantEpoch,
): boolean {
  const verdict = checkConsent(state, questionOf(context, owner));
  if (verdict.kind === 'refused' && isPassing(verdict.reason)) throw new Refusal(verdict.reason);
  return verdict.kind === 'allowed';
}

function questionOf({ identity, nowMs }: KeeperContext, owner: ParticipantEpoch) {
  return { ...owner, vaultKey: identity.publicKey, nowMs: nowMs() };
}

/** What is this participant's, made by this vault, and not replaced already. */
async function searchable(
  context: KeeperContext,
  state: LedgerState,
  owner: ParticipantEpoch,
  stored: readonly StoredCandidate[],
): Promise<readonly StoredCandidate[]> {
  const good: StoredCandidate[] = [];
  for (const candidate of stored) {
    const { id, sealed } = candidate;
    const { pseudonym, consentEpoch } = sealed.header;
    const isTheirs = pseudonym === owner.pseudonym && consentEpoch === owner.consentEpoch;
    if (!isTheirs || context.removals.has(id)) continue;
    const verdict = await checkTrajectory(state, sealed, { id, ...questionOf(context, owner) });
    if (verdict.kind === 'allowed') good.push(candidate);
  }
  return good;
}

async function runSearch(
  context: KeeperContext,
  state: LedgerState,
  { request, box, owner }: Search,
  good: readonly StoredCandidate[],
): Promise<readonly Found[]> {
  const { programme } = state.charter;
  const inputs = [];
  for (const { id, bytes, sealed } of good) {
    const contentKey = await unwrapTrajectory(context, sealed);
    inputs.push({ id, bytes, contentKey, next: nextOf(context, request, id) });
  }
  const contentKey = await unwrapRequest(context, programme, box);
  try {
    const result = await context.runTask({
      ...{ kind: 'remove-bystander', inputs, ocr: context.ocr },
      request: { box, contentKey, programme },
    });
    const { made } = resultOf('remove-bystander', result);
    return made.map((one) => ofOwn(context, request, owner, good, one));
  } finally {
    for (const key of [contentKey, ...inputs.map((input) => input.contentKey)]) key.fill(0);
  }
}

async function unwrapRequest({ identity }: KeeperContext, programme: string, box: Uint8Array) {
  const key = identity.sealKey();
  try {
    return await unwrapContentKey(key, 'bystander', requestAad(programme), box);
  } catch (error) {
    if (error instanceof HandrailError) throw new Refusal('request-unsound');
    throw error;
  } finally {
    key.fill(0);
  }
}

/** The same at each try, and known to nobody before. */
function nextOf({ identity }: KeeperContext, request: string, trajectory: string) {
  return idOf('traj', identity.derive('bystander-next', `${request}\n${trajectory}`));
}

/** What the vault signs is worked out here: the old header under the new name, and nothing else. */
function ofOwn(
  context: KeeperContext,
  request: string,
  owner: ParticipantEpoch,
  good: readonly StoredCandidate[],
  { id, headerBytes, body }: BystanderResult['made'][number],
): Found {
  const old = good.find((candidate) => candidate.id === id);
  const next = nextOf(context, request, id);
  const header = old?.sealed.header;
  const own = header && canonicalBytes({ ...header, trajectory: next });
  if (own && equalBytes(own, headerBytes)) {
    return { id, next, owner, segments: header.segments, headerBytes, body };
  }
  throw new HandrailError('internal', 'The worker answered for more than its job.');
}
