// Builds a release under a grant whose approved bytes name this very recipe, from those who consent
// now, and only when they are enough.
import { equalBytes } from '@handrail/core/bytes';
import { releaseFileNames } from '@handrail/core/dataset';
import { newSealKeyPair } from '@handrail/core/seal';
import { type Purpose, recipeDigest } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import type { BuildResult } from '../../worker/task.ts';
import { checkCandidates } from '../checks/build.ts';
import { checkReleaseGrant, type ReleaseGrant } from '../checks/grant.ts';
import { checkPolicy, releaseQuestion } from '../checks/policy.ts';
import { changedMeanwhile, giveOut } from '../fence.ts';
import { allowed, type KeeperContext, openingFacts, Refusal, resultOf } from '../keeper-context.ts';
import { openReleaseManifest } from '../keys/unwrap.ts';
import { x25519PublicKey } from '../keys/x25519.ts';
import type { Recorded } from '../ledger/ledger-access.ts';
import { granteeOf } from '../reading/grantee.ts';
import type { JobOutcome } from '../server-port.ts';
import type { LedgerState } from '../state/state.ts';
import {
  concernsOf,
  consentingOnly,
  factsOfCandidates,
  fetchCandidates,
  participantsOf,
  type StoredCandidate,
  sha256Hex,
  unwrapCandidates,
} from './candidates.ts';
import { markSuperseded } from './supersede.ts';
import { requireOwnBuilt } from './worker-answers.ts';

/** What is to be built; `supersedes` names the release that it takes the place of. */
export type BuildOrder = Omit<Extract<Job, { kind: 'build' }>, 'kind'> & {
  readonly supersedes?: string;
};

export async function build(
  context: KeeperContext,
  id: string,
  job: BuildOrder,
): Promise<JobOutcome> {
  const signed = await context.server.grant(job.grant);
  const question = () => ({
    id: job.grant,
    recipeDigest: recipeDigest(job.recipe),
    nowMs: context.nowMs(),
  });
  const before = await context.ledger.state();
  allowed(await checkReleaseGrant(before, signed, question()));
  const stored = await fetchCandidates(context, job.candidates);
  const chosen = await consentingOnly(context, before, stored, signed.payload.purpose);
  allowed(checkCandidates(before.charter, signed.payload, factsOfCandidates(chosen)));
  const intent = {
    kind: 'trajectories.opening',
    job: id,
    purpose: signed.payload.purpose,
    tier: 'release',
    by: granteeOf(before.charter, signed.payload),
    grant: job.grant,
    release: job.release,
    concerns: concernsOf(chosen),
  } as const;
  const { state, recorded } = await context.ledger.announce([intent]);
  const grant = allowed(await checkReleaseGrant(state, signed, question()));
  const ask = releaseQuestion(state, 'release.build', signed.payload, question());
  const { decision } = allowed(checkPolicy(context.policies, ask));
  const taken = await consentingOnly(context, state, chosen, signed.payload.purpose);
  allowed(checkCandidates(state.charter, signed.payload, factsOfCandidates(taken)));
  const result = await buildFiles(context, job, state, grant, taken);
  const used = taken.filter((candidate) => result.inputs.includes(candidate.id));
  const outcome = { ...intent, kind: 'trajectories.opened', concerns: concernsOf(used) } as const;
  await context.ledger.conclude({ ...outcome, decision });
  const check = async (now: LedgerState) => {
    allowed(await checkReleaseGrant(now, signed, question()));
    const { purpose } = signed.payload;
    if (!(await allConsent(context, now, taken, result, purpose))) throw changedMeanwhile();
  };
  await giveOut(context, check, () => storeFiles(context, job.release, result));
  return publish(context, id, job, result, recorded);
}

/** Whether all whose recordings went in consent under `state`. */
async function allConsent(
  context: KeeperContext,
  state: LedgerState,
  taken: readonly StoredCandidate[],
  { inputs }: BuildResult,
  purpose: Purpose,
): Promise<boolean> {
  const used = taken.filter((candidate) => inputs.includes(candidate.id));
  return (await consentingOnly(context, state, used, purpose)).length === used.length;
}

async function buildFiles(
  context: KeeperContext,
  job: BuildOrder,
  state: LedgerState,
  grant: ReleaseGrant,
  taken: readonly StoredCandidate[],
): Promise<BuildResult> {
  const { keyring, runTask, codeVersion } = context;
  const known = await keyring.release(job.release);
  const privateKey = known?.privateKey ?? (await newSealKeyPair()).privateKey;
  const { purpose } = grant.grant;
  const record = { privateKey, recipeDigest: grant.recipeDigest, grant: job.grant, purpose };
  await keyring.putRelease(job.release, { ...record, participants: participantsOf(taken) });
  const releaseKey = x25519PublicKey(privateKey);
  const inputs = await unwrapCandidates(context, job.release, taken);
  const task = {
    kind: 'build' as const,
    release: job.release,
    inputs,
    workers: 1,
    codeVersion,
    recipe: grant.recipe,
    purpose,
    k: state.charter.k,
    ...(job.supersedes === undefined ? {} : { supersedes: job.supersedes }),
    releaseKey,
  };
  const result = await runTask(task);
  for (const { contentKey } of inputs) contentKey.fill(0);
  const built = resultOf('build', result);
  requireOwnBuilt(task, built);
  const used = taken.filter((candidate) => built.inputs.includes(candidate.id));
  await keyring.putRelease(job.release, { ...record, participants: participantsOf(used) });
  privateKey.fill(0);
  return built;
}

async function publish(
  context: KeeperContext,
  id: string,
  job: BuildOrder,
  result: BuildResult,
  recorded: readonly Recorded[],
): Promise<JobOutcome> {
  const { manifestDigest, rows, trajectories, participants } = result;
  const payload = { v: 1, kind: 'release.published', job: id, release: job.release };
  const published = await context.ledger.record(
    'release.published',
    { ...payload, grant: job.grant, manifestDigest, rows },
    { digest: manifestDigest },
  );
  await list(context, job.release, manifestDigest);
  await context.server.released({
    id: job.release,
    grant: job.grant,
    recipe: job.recipe,
    state: 'published',
    manifestDigest,
    rows,
    trajectories,
    participants,
    ...(job.supersedes === undefined ? {} : { supersedes: job.supersedes }),
  });
  const facts = { manifestDigest, rows, published: published.index, publishedSalt: published.salt };
  return { outcome: 'done', facts: { ...facts, ...openingFacts(recorded) } };
}

/** Lists it, and at once as superseded where somebody left while it was built. */
async function list(context: KeeperContext, release: string, manifest: string): Promise<void> {
  const standing = await context.lists.standing(release);
  if (standing?.state === 'superseded') throw new Refusal('release-superseded');
  const at = `${new Date(context.nowMs()).toISOString().slice(0, 19)}Z`;
  await context.lists.put(standing ?? { release, manifest, state: 'good', at });
  await markSuperseded(context, await context.ledger.state(), release);
}

/**
 * The manifest goes first. Where an earlier try left one, it must be the same: then every file that
 * it left has the same content as ours. Throws `Refusal` otherwise.
 */
async function storeFiles(
  context: KeeperContext,
  release: string,
  { files, manifestDigest }: BuildResult,
): Promise<void> {
  const { manifest: name } = releaseFileNames;
  const ordered = [...files].sort((a, b) => Number(b.name === name) - Number(a.name === name));
  for (const file of ordered) {
    const stored = await context.server.putObject(`releases/${release}/${file.name}`, file.sealed);
    if (file.name !== name || equalBytes(stored, file.sealed)) continue;
    const earlier = await openManifest(context, release, stored);
    if (sha256Hex(earlier) !== manifestDigest) throw new Refusal('release-differs');
  }
}

async function openManifest(context: KeeperContext, release: string, stored: Uint8Array) {
  const record = await context.keyring.release(release);
  if (record === undefined) throw new Refusal('release-unknown');
  const opened = await openReleaseManifest(record.privateKey, release, stored);
  record.privateKey.fill(0);
  opened.contentKey.fill(0);
  return opened.bytes;
}
