// Builds a published release again from what its manifest names, and says whether every unsealed
// byte is the same. Nothing leaves but that answer.
import { decodeReleaseManifest, releaseFileNames } from '@handrail/core/dataset';
import type { Job } from '@handrail/core/wire';
import { type KeeperContext, openingFacts, Refusal, resultOf } from '../keeper-context.ts';
import type { Intent } from '../ledger-access.ts';
import type { JobOutcome } from '../server-port.ts';
import { openReleaseManifest } from '../unwrap.ts';
import { consentingOnly, fetchCandidates, sha256Hex, unwrapCandidates } from './candidates.ts';
import { releaseAccess } from './release-access.ts';

type RebuildJob = Extract<Job, { kind: 'rebuild' }>;

export async function rebuild(
  context: KeeperContext,
  id: string,
  job: RebuildJob,
): Promise<JobOutcome> {
  const { ledger, server } = context;
  const access = await releaseAccess(context, job.release, job.grant, 'release.rebuild');
  const { grant } = await access.check(await ledger.state());
  const name = releaseFileNames.manifest;
  const bytes = await server.getObject(`releases/${job.release}/${name}`);
  const intent = { job: id, purpose: grant.purpose, tier: 'release', grant: job.grant } as const;
  const opening = { ...intent, kind: 'release.opening', ids: [job.release] } as const;
  const first = await ledger.announce([opening]);
  await access.check(first.state);
  const { privateKey } = access.record;
  const opened = await openReleaseManifest(privateKey, job.release, bytes);
  privateKey.fill(0);
  const { contentKey } = opened;
  const manifest = decodeReleaseManifest(opened.bytes);
  const named = new Map(manifest.inputs.map(({ trajectory, digest }) => [trajectory, digest]));
  const trajectories: Intent = { ...intent, kind: 'trajectories.opening', ids: [...named.keys()] };
  const { state, recorded } = await ledger.announce([trajectories]);
  const { decision } = await access.check(state);
  const stored = await fetchCandidates(context, [...named.keys()]);
  const whole = stored.filter((one) => named.get(one.id) === sha256Hex(one.bytes));
  const taken = await consentingOnly(context, state, whole, grant.purpose);
  if (taken.length !== named.size) throw new Refusal('input-missing');
  const inputs = await unwrapCandidates(context, job.release, taken);
  const result = await context.runTask({
    kind: 'rebuild',
    release: job.release,
    inputs,
    workers: job.workers,
    codeVersion: context.codeVersion,
    k: state.charter.k,
    manifest: { bytes, contentKey },
  });
  contentKey.fill(0);
  for (const input of inputs) input.contentKey.fill(0);
  const { same, differing, manifestDigest } = resultOf('rebuild', result);
  const payload = { v: 1, ...trajectories, kind: 'trajectories.opened', decision };
  await ledger.record('trajectories.opened', payload, { count: inputs.length });
  const facts = { same, differing: differing.length, manifestDigest };
  return {
    outcome: 'done',
    facts: { ...facts, ...openingFacts([...recorded, ...first.recorded]) },
  };
}
