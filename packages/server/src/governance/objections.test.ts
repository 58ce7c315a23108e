import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ObjectionAnswer, sign } from '@handrail/core/statement';
import { deviceRoutes, personRoutes, vaultRoutes } from '@handrail/core/wire';
import {
  type Actor,
  activateManifest,
  callAs,
  instant,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let participant: Participant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
  server = await startServer({ ...sample.settings, jobRetrySeconds: 0 });
  const manifest = await activateManifest(server.url, sample);
  participant = await joinAs(server.url, sample, manifest);
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

async function object(purpose: 'train-agents' | 'evaluate-agents') {
  const { programme, pseudonym, consentEpoch } = participant.consent;
  const common = { v: 1, programme, pseudonym, consentEpoch, purpose, at: instant() } as const;
  const statement = await sign({ ...common, kind: 'objection' as const }, participant.signer);
  return callAs(server.url, participant, deviceRoutes.state, { body: { statement } });
}

async function answer(by: Actor, objection: string, signer = by.signer, reason = 'We need it.') {
  const payload: ObjectionAnswer = {
    ...({ v: 1, kind: 'objection-answer', answer: 'declined' } as const),
    reason,
    ...{ programme: sample.charter.payload.programme, objection, at: instant() },
  };
  const body = { statement: await sign(payload, signer) };
  const params = { digest: objection };
  return callAs(server.url, by, personRoutes.answerObjection, { params, body });
}

const mine = async () =>
  (await callAs(server.url, participant, deviceRoutes.myObjections)).objections;

test('an objection is answered by a decider, and its participant is told', async () => {
  await expect(object('evaluate-agents')).rejects.toMatchObject({ code: 'state.conflict' });
  const { digest } = await object('train-agents');
  expect(await mine()).toMatchObject([{ digest, purpose: 'train-agents', out: true }]);
  const { objections } = await callAs(server.url, sample.officer, personRoutes.objections);
  expect(objections).toMatchObject([{ digest, out: true }]);
  expect(JSON.stringify(objections)).not.toContain(participant.consent.pseudonym);
  for (const by of [sample.researcher, sample.incident]) {
    await expect(answer(by, digest)).rejects.toMatchObject({ code: 'access.denied' });
    const listing = callAs(server.url, by, personRoutes.objections);
    await expect(listing).rejects.toMatchObject({ code: 'access.denied' });
  }
  await expect(answer(sample.officer, digest, sample.steward.signer)).rejects.toMatchObject({
    code: 'signature.invalid',
  });
  expect(await answer(sample.officer, digest)).toMatchObject({ answer: 'declined', out: false });
  expect(await mine()).toMatchObject([{ reason: 'We need it.', out: false }]);
  const again = answer(sample.steward, digest, sample.steward.signer, 'As I said.');
  await expect(again).rejects.toMatchObject({ code: 'state.conflict' });
});

test('an objection has the vault look at releases', async () => {
  const kinds: string[] = [];
  for (;;) {
    const leasing = { body: { seconds: 60 } };
    const { job } = await callAs(server.url, sample.vault, vaultRoutes.leaseJob, leasing);
    if (job === null) break;
    kinds.push(job.job.kind);
    const ended = { params: { id: job.id }, body: { outcome: 'done' as const } };
    await callAs(server.url, sample.vault, vaultRoutes.finishJob, ended);
  }
  expect(kinds).toContain('review-releases');
});
