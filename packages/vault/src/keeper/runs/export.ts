// Encodes a release for its grantee: only to the age recipient that the approved grant names.
import { encodeExportHeader, exportFileName } from '@handrail/core/dataset';
import { releaseListPath } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { type KeeperContext, openingFacts, Refusal, resultOf } from '../keeper-context.ts';
import { unwrapReleaseFile } from '../keys/unwrap.ts';
import { granteeOf } from '../reading/grantee.ts';
import type { JobOutcome } from '../server-port.ts';
import { sha256Hex } from './candidates.ts';
import { releaseAccess } from './release-access.ts';

type ExportJob = Extract<Job, { kind: 'export' }>;

export async function exportRelease(
  context: KeeperContext,
  id: string,
  job: ExportJob,
): Promise<JobOutcome> {
  const { ledger, server } = context;
  const access = await releaseAccess(context, job.release, job.grant, 'release.export');
  const before = await ledger.state();
  const { grant: asked } = await access.check(before);
  const name = exportFileName(job.format);
  const bytes = await server.getObject(`releases/${job.release}/${name}`);
  const intent = {
    kind: 'release.opening',
    job: id,
    purpose: asked.purpose,
    tier: 'release',
    by: granteeOf(before.charter, asked),
    grant: job.grant,
    release: job.release,
    concerns: access.record.participants.map((owner) => ({ ...owner, ids: [job.release] })),
  } as const;
  const { state, recorded } = await ledger.announce([intent]);
  const { grant, decision } = await access.check(state);
  const { privateKey } = access.record;
  const contentKey = await unwrapReleaseFile(privateKey, job.release, name, bytes);
  privateKey.fill(0);
  const result = await context.runTask({
    kind: 'export',
    release: job.release,
    files: [{ name, bytes, contentKey }],
    format: job.format,
    recipient: grant.recipient,
    header: await headerOf(context, job.release),
  });
  contentKey.fill(0);
  const exported = resultOf('export', result);
  if (exported.bytes.length > grant.bytesMax) throw new Refusal('too-many-bytes');
  await access.check(await ledger.state());
  const digest = sha256Hex(await server.putObject(`results/${id}`, exported.bytes));
  const kind = 'release.downloaded' as const;
  await ledger.conclude({ ...intent, kind, format: job.format, decision }, { digest });
  await access.check(await ledger.state('fresh'));
  return { outcome: 'done', result: id, facts: { digest, ...openingFacts(recorded) } };
}

/** Whoever holds the file finds in it which release it is, and where to ask whether it stands. */
async function headerOf(
  { charter, identity, lists }: KeeperContext,
  release: string,
): Promise<Uint8Array> {
  const { number, releases } = await lists.newest();
  const standing = releases.find((one) => one.release === release);
  if (standing?.state !== 'good') throw new Refusal('release-superseded');
  return encodeExportHeader({
    v: 1,
    programme: charter.programme,
    release,
    manifest: standing.manifest,
    vaultKey: identity.publicKey,
    list: { number, path: releaseListPath },
  });
}
