// What follows for releases when somebody has left: a tombstone, a release without the rows that
// went wherever the grant and enough people still stand, and the old one's key destroyed.
import {
  decodeReleaseManifest,
  type ReleaseManifest,
  releaseFileNames,
} from '@handrail/core/dataset';
import { idOf } from '@handrail/core/ids';
import type { NotReissued, ReleaseStanding } from '@handrail/core/statement';
import { sha256Hex } from '../../worker/digest.ts';
import { checkReleaseGrant } from '../checks/grant.ts';
import { whyStopped } from '../checks/programme.ts';
import { isPassing, type KeeperContext, Refusal } from '../keeper-context.ts';
import { openReleaseManifest } from '../keys/unwrap.ts';
import type { ReleaseRecord } from '../releases/release-record.ts';
import type { JobOutcome } from '../server-port.ts';
import type { LedgerState } from '../state/state.ts';
import { build } from './build.ts';
import { consentingOnly, fetchCandidates } from './candidates.ts';
import { markSuperseded } from './supersede.ts';
import { bury } from './tombstone.ts';

/** May be run again at any point: what is settled stays so. */
export async function reviewReleases(context: KeeperContext, id: string): Promise<JobOutcome> {
  const state = await context.ledger.state();
  const open = await markSuperseded(context, state);
  if (open.length > 0) requireGoingOn(state);
  for (const standing of open) {
    const settled =
      standing.tombstone === undefined ? await settle(context, id, standing) : standing;
    const { release, reason = 'withdrawal', supersededBy, notReissued } = settled;
    await context.server.superseded(release, {
      reason,
      ...(supersededBy === undefined ? {} : { supersededBy }),
      ...(notReissued === undefined ? {} : { notReissued }),
    });
    await context.keyring.shredRelease(release);
  }
  return { outcome: 'done' };
}

async function settle(
  context: KeeperContext,
  id: string,
  standing: ReleaseStanding,
): Promise<ReleaseStanding> {
  const { release } = standing;
  const record = await context.keyring.release(release);
  if (record === undefined) throw new Refusal('release-unknown');
  const { state, manifest } = await openInputs(context, id, release, record);
  const left = await remaining(context, state, manifest);
  const gone = manifest.inputs
    .map(({ trajectory }) => trajectory)
    .filter((one) => !left.includes(one));
  const tombstone = await bury(context, standing, gone);
  const taken = [...left, ...gone.flatMap((one) => context.removals.next(one) ?? [])];
  const after = await reissue(context, id, { release, record, manifest, left: taken });
  const settled = { ...standing, ...after, tombstone };
  const payload = { v: 1, kind: 'release.superseded', job: id, ...settled };
  await context.ledger.record('release.superseded', payload, { digest: standing.manifest });
  await context.lists.put(settled);
  return settled;
}

/** Opens nothing but the manifest, after an entry of its own. */
export async function openInputs(
  { ledger, server }: KeeperContext,
  job: string,
  release: string,
  { privateKey, grant, participants }: ReleaseRecord,
) {
  const name = releaseFileNames.manifest;
  const sealed = await server.getObject(`releases/${release}/${name}`);
  const concerns = participants.map((owner) => ({ ...owner, ids: [release] }));
  const { state } = await ledger.announce([
    {
      ...({ kind: 'release.opening', job, purpose: 'tell-holders', tier: 'release' } as const),
      ...({ by: { kind: 'programme' }, grant, release, concerns } as const),
    },
  ]);
  requireGoingOn(state);
  const { bytes, contentKey } = await openReleaseManifest(privateKey, release, sealed);
  privateKey.fill(0);
  contentKey.fill(0);
  return { state, manifest: decodeReleaseManifest(bytes) };
}

/** Throws `Refusal` where nothing opens for now. */
function requireGoingOn(state: LedgerState): void {
  const stopped = whyStopped(state, 'after-withdrawal');
  if (stopped !== undefined) throw new Refusal(stopped);
}

/** Ids of the inputs that may still be used. */
async function remaining(
  context: KeeperContext,
  state: LedgerState,
  { inputs, purpose }: ReleaseManifest,
): Promise<readonly string[]> {
  const digests = new Map(inputs.map(({ trajectory, digest }) => [trajectory, digest]));
  const stored = await fetchCandidates(context, [...digests.keys()]);
  const whole = stored.filter(({ id, bytes }) => digests.get(id) === sha256Hex(bytes));
  return (await consentingOnly(context, state, whole, purpose)).map(({ id }) => id);
}

interface Reissue {
  readonly release: string;
  readonly record: ReleaseRecord;
  readonly manifest: ReleaseManifest;
  readonly left: readonly string[];
}

/** Under the same grant, of the same recipe, after every check that a first build takes. */
async function reissue(
  context: KeeperContext,
  job: string,
  { release, record, manifest, left }: Reissue,
): Promise<{ supersededBy: string } | { notReissued: NotReissued }> {
  const { grant, recipeDigest } = record;
  const question = { id: grant, recipeDigest, nowMs: context.nowMs() };
  const signed = await context.server.grant(grant);
  const stands = await checkReleaseGrant(await context.ledger.state(), signed, question);
  if (stands.kind === 'refused') return refusedAs(stands.reason);
  // Other inputs make another release: one that was begun is not continued with fewer people.
  const named = context.identity.derive('reissue', [release, ...left].join('\n'));
  const next = idOf('rel', named);
  try {
    const order = { release: next, grant, recipe: manifest.recipe, candidates: [...left] };
    await build(context, job, { ...order, supersedes: release });
    return { supersededBy: next };
  } catch (error) {
    if (error instanceof Refusal) return refusedAs(error.reason);
    throw error;
  }
}

function refusedAs(reason: Refusal['reason']): { notReissued: NotReissued } {
  if (isPassing(reason)) throw new Refusal(reason);
  const few = reason === 'too-few-participants' || reason === 'nothing-selected';
  return { notReissued: few ? 'too-few-participants' : 'ask-again' };
}
