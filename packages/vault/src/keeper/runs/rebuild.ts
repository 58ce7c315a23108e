// Builds a published release again from what its manifest names, and says whether every unsealed
// byte is the same. Nothing leaves but that answer.
import { decodeReleaseManifest, releaseFileNames } from '@handrail/core/dataset';
import type { Job } from '@handrail/core/wire';
import { type KeeperContext, openingFacts, Refusal, resultOf } from '../keeper-context.ts';
import { openReleaseManifest } from '../keys/unwrap.ts';
import { granteeOf } from '../reading/grantee.ts';
import type { JobOutcome } from '../server-port.ts';
import {
  concernsOf,
  consentingOnly,
  fetchCandidates,
  sha256Hex,
  unwrapCandidates,
} from './candidates.ts';
import { releaseAccess } from './release-access.ts';

type RebuildJob = Extract<Job, { kind: 'rebuild' }>;

export async function rebuild(
  context: KeeperContext,
  id: string,
  job: RebuildJob,
): Promise<JobOutcome> {
  const { ledger, server } = context;
  const access = await releaseAccess(context, job.release, job.grant, 'release.rebuild');
  const before = await ledger.state();
  const { grant } = await access.check(before);
  const name = releaseFileNames.manifest;
  const bytes = await server.getObject(`releases/${job.release}/${name}`);
  const intent = {
    job: id,
    purpose: grant.purpose,
    tier: 'release',
    by: granteeOf(before.charter, grant),
    grant: job.grant,
    release: job.release,
  } as const;
  const whole = access.record.participants.map((owner) => ({ ...owner, ids: [job.release] }));
  const opening = { ...intent, kind: 'release.opening', concerns: whole } as const;
  const first = await ledger.announce([opening]);
  await access.check(first.state);
  const { privateKey } = access.record;
  const opened = await openReleaseManifest(privateKey, job.release, bytes);
  privateKey.fill(0);
  const { contentKey } = opened;
  const manifest = decodeReleaseManifest(opened.bytes);
  const named = new Map(manifest.inputs.map(({ trajectory, digest }) => [trajectory, digest]));
  const stored = await fetchCandidates(context, [...named.keys()]);
  const same = stored.filter((one) => named.get(one.id) === sha256Hex(one.bytes));
  if (same.length !== named.size) throw new Refusal('input-missing');
  const concerns = concernsOf(same);
  const trajectories = { ...intent, kind: 'trajectories.opening', concerns } as const;
  const { state, recorded } = await ledger.announce([trajectories]);
  const { decision } = await access.check(state);
  const taken = await consentingOnly(context, state, same, grant.purpose);
  if (taken.length !== named.size) throw new Refusal('input-missing');
  const inputs = await unwrapCandidates(context, job.release, taken);
  const result = await context.runTask({
    kind: 'rebuild',
    release: job.release,
    inputs,
    workers: job.workers,
    codeVersion: context.codeVersion,
    manifest: { bytes, contentKey },
  });
  contentKey.fill(0);
  for (const input of inputs) input.contentKey.fill(0);
  const { same: isSame, differing, manifestDigest } = resultOf('rebuild', result);
  const payload = { ...trajectories, kind: 'trajectories.opened', decision } as const;
  await ledger.conclude(payload);
  const facts = { same: isSame, differing: differing.length, manifestDigest };
  return {
    outcome: 'done',
    facts: { ...facts, ...openingFacts([...recorded, ...first.recorded]) },
  };
}
