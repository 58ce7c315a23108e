import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { type ManifestStatement, type QuarantineDecision, sign } from '@handrail/core/statement';
import {
  type CallInput,
  deviceRoutes,
  type Payload,
  type PayloadOf,
  type Route,
  vaultRoutes,
} from '@handrail/core/wire';
import {
  activateManifest,
  callAs,
  headerOf,
  instant,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { openOwn } from '@handrail/testbed/sample-reading';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let participant: Participant;
let sealedTo: string;
let manifest: ManifestStatement;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
  server = await startServer({ ...sample.settings, jobRetrySeconds: 0 });
  manifest = await activateManifest(server.url, sample);
  participant = await joinAs(server.url, sample, manifest);
  sealedTo = await issueKeys(server.url, sample, participant);
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

function asVault<B extends Payload, R extends Payload>(
  route: Route<B, R>,
  input: CallInput<B> = {},
): Promise<PayloadOf<R>> {
  return callAs(server.url, sample.vault, route, input);
}

async function nextJob(kindOfJob: string) {
  for (;;) {
    const { job } = await asVault(vaultRoutes.leaseJob, { body: { seconds: 60 } });
    if (job === null) throw new Error(`There is no ${kindOfJob} job.`);
    if (job.job.kind === kindOfJob) return job;
    await asVault(vaultRoutes.finishJob, { params: { id: job.id }, body: { outcome: 'done' } });
  }
}

async function quarantined() {
  const session = idOf('ses', randomBytes(32));
  const header = headerOf(sample, participant, sealedTo, { session, sequence: 0 });
  const segment = await sealed(header, participant);
  const params = { id: segment.id };
  await callAs(server.url, participant, deviceRoutes.putSegment, { params, body: segment.bytes });
  const { id: job } = await nextJob('refine');
  const segments = [{ id: segment.id, state: 'quarantined' as const, reason: 'pixels.unread' }];
  await asVault(vaultRoutes.refined, { body: { job, segments, trajectories: [] } });
  await asVault(vaultRoutes.finishJob, { params: { id: job }, body: { outcome: 'done' } });
  return segment.id;
}

async function decide(kind: QuarantineDecision['kind'], segment: string, by = participant) {
  const { pseudonym, consent } = by;
  const { programme } = sample.charter.payload;
  const payload = { v: 1, kind, programme, pseudonym, consentEpoch: 1, segment } as const;
  const statement = await sign({ ...payload, at: instant() }, by.signer);
  expect(consent.consentEpoch).toBe(1);
  return callAs(server.url, by, deviceRoutes.state, { body: { statement } });
}

test('only its owner lists, opens, releases and deletes what is in quarantine', async () => {
  const [first, second] = [await quarantined(), await quarantined()];
  const listed = await callAs(server.url, participant, deviceRoutes.quarantine);
  expect(listed.segments.map(({ id, reason }) => [id, reason]).sort()).toEqual(
    [first, second].map((id) => [id, 'pixels.unread']).sort(),
  );
  const other = await joinAs(server.url, sample, manifest);
  expect((await callAs(server.url, other, deviceRoutes.quarantine)).segments).toEqual([]);
  const open = (by: Participant) => openOwn(server.url, sample, by, first);
  await expect(open(other)).rejects.toMatchObject({ code: 'not.found' });
  const { job } = await open(participant);
  const leased = await nextJob('view');
  expect(leased).toMatchObject({ id: job, job: { session: { payload: { segment: first } } } });
  await asVault(vaultRoutes.finishJob, { params: { id: job }, body: { outcome: 'done' } });
  await expect(decide('quarantine-release', first, other)).rejects.toMatchObject({
    code: 'not.found',
  });
  await decide('quarantine-release', first);
  const again = await nextJob('refine');
  expect(again.job).toMatchObject({ segments: [first] });
  await asVault(vaultRoutes.refined, {
    body: { job: again.id, segments: [{ id: first, state: 'refined' }], trajectories: [] },
  });
  await asVault(vaultRoutes.finishJob, { params: { id: again.id }, body: { outcome: 'done' } });
  const before = await callAs(server.url, participant, deviceRoutes.segmentCounts);
  await decide('quarantine-deletion', second);
  const after = await callAs(server.url, participant, deviceRoutes.segmentCounts);
  expect(after.rejected - before.rejected).toBe(1);
  expect(after.quarantined).toBe(0);
  await expect(
    asVault(vaultRoutes.getObject, { params: { '*': `segments/${second}` } }),
  ).rejects.toMatchObject({ code: 'not.found' });
  await expect(decide('quarantine-release', second)).rejects.toMatchObject({ code: 'not.found' });
});
