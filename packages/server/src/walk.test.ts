import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deviceRoutes, publicRoutes, vaultRoutes } from '@handrail/core/wire';
import {
  activateManifest,
  callAs,
  headerOf,
  issueKeys,
  joinAs,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from './app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('a participant joins, leases, hands in a segment, and the vault gets a job to refine it', async () => {
  const { url } = server;
  const manifest = await activateManifest(url, sample);
  const participant = await joinAs(url, sample, manifest);
  const first = await callAs(url, sample.vault, vaultRoutes.leaseJob, { body: { seconds: 60 } });
  expect(first.job?.job).toMatchObject({ kind: 'issue-keys', pseudonym: participant.pseudonym });
  const sealedTo = await issueKeys(url, sample, participant);
  await callAs(url, sample.vault, vaultRoutes.finishJob, {
    params: { id: first.job?.id ?? '' },
    body: { outcome: 'done' },
  });
  const lease = await callAs(url, participant, deviceRoutes.lease, {
    body: { consentEpoch: 1, manifest: participant.consent.manifest ?? '' },
  });
  expect(lease).toMatchObject({ programmeEpoch: 1, consentEpoch: 1 });
  const { id, bytes } = await sealed(headerOf(sample, participant, sealedTo), participant);
  const put = () =>
    callAs(url, participant, deviceRoutes.putSegment, { params: { id }, body: bytes });
  expect(await put()).toEqual({ state: 'accepted' });
  expect(await put()).toEqual({ state: 'accepted' });
  const refine = await callAs(url, sample.vault, vaultRoutes.leaseJob, { body: { seconds: 60 } });
  expect(refine.job?.job).toMatchObject({ kind: 'refine', segments: [id] });
  const programme = await callAs(url, undefined, publicRoutes.programme);
  expect(programme.manifest?.payload).toEqual(manifest);
});
