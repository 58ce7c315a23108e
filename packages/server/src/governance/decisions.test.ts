import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalDigest } from '@handrail/core/canonical-json';
import {
  type Charter,
  type Consent,
  type ManifestStatement,
  type ProgrammeDecision,
  programmeFingerprint,
  sign,
} from '@handrail/core/statement';
import { deviceRoutes, personRoutes, publicRoutes } from '@handrail/core/wire';
import {
  type Actor,
  activateManifest,
  actor,
  callAs,
  instant,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

const dayMs = 86_400_000;
let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let manifest: ManifestStatement;
let ann: Participant;
let charter: Charter;
const startedAt = instant(Date.now() - 170 * dayMs);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decisions-'));
  sample = await sampleProgramme(folder, { draft: true, charter: { startedAt } });
  charter = sample.charter.payload;
  server = await startServer(sample.settings);
  manifest = await activateManifest(server.url, sample);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function decide(payload: ProgrammeDecision, by: Actor, notice?: string) {
  const statement = await sign(payload, by.signer);
  const body = { statement, ...(notice === undefined ? {} : { notice }) };
  return callAs(server.url, by, personRoutes.decide, { body });
}

/** Both of the old quorum sign, one after the other. */
async function agreed(payload: ProgrammeDecision, notice?: string) {
  expect(await decide(payload, sample.steward, notice)).toMatchObject({ state: 'pending' });
  expect(await decide(payload, sample.officer)).toMatchObject({ state: 'decided' });
}

const common = () => ({ v: 1, programme: charter.programme, at: instant() }) as const;
const life = (kind: 'start' | 'close') =>
  ({ ...common(), kind, charter: canonicalDigest(charter) }) as const;

function lease() {
  const body = { consentEpoch: 1, manifest: ann.consent.manifest ?? '' };
  return callAs(server.url, ann, deviceRoutes.lease, { body });
}

async function consentAs(changes: Partial<Consent>) {
  const statement = await sign({ ...ann.consent, at: instant(), ...changes }, ann.signer);
  return callAs(server.url, ann, deviceRoutes.state, { body: { statement } });
}

test('nobody joins a draft; it starts once both roles have signed', async () => {
  await expect(joinAs(server.url, sample, manifest)).rejects.toMatchObject({
    code: 'programme.draft',
  });
  const start = life('start');
  expect(await decide(start, sample.steward)).toMatchObject({ state: 'pending', signatures: 1 });
  await expect(decide(start, sample.researcher)).rejects.toMatchObject({ code: 'access.denied' });
  const { pending } = await callAs(server.url, sample.officer, personRoutes.decisions);
  expect(pending).toMatchObject([{ payload: { kind: 'start' } }]);
  await expect(joinAs(server.url, sample, manifest)).rejects.toMatchObject({
    code: 'programme.draft',
  });
  expect(await decide(start, sample.officer)).toMatchObject({ state: 'decided', signatures: 2 });
  ann = await joinAs(server.url, sample, manifest);
  expect(await lease()).toMatchObject({ consentEpoch: 1 });
});

test('a charter changes nothing before the old quorum has signed it', async () => {
  const newcomer = await actor('pers');
  const [steward, ...others] = charter.persons;
  if (steward === undefined) throw new Error('no persons');
  const persons = [{ ...steward, publicKey: newcomer.key }, ...others];
  const next = { ...charter, number: 2, persons };
  await expect(decide(next, newcomer)).rejects.toMatchObject({ code: 'access.denied' });
  const byNew = await sign(next, newcomer.signer, sample.officer.signer);
  expect(
    await callAs(server.url, sample.officer, personRoutes.decide, { body: { statement: byNew } }),
  ).toMatchObject({ state: 'pending' });
  for (const number of [1, 3]) {
    await expect(decide({ ...next, number }, sample.steward)).rejects.toMatchObject({
      code: 'state.conflict',
    });
  }
  const shown = () => callAs(server.url, undefined, publicRoutes.programme);
  expect((await shown()).charter.payload).toEqual(charter);
});

test('wider terms stop leases until they are accepted; the old ones may be renewed', async () => {
  const notice = 'Another notice.\n';
  const noticeDigest = createHash('sha256').update(notice).digest('hex');
  const purposes: Charter['purposes'] = ['train-agents', 'evaluate-agents'];
  const next: Charter = { ...charter, number: 2, purposes, noticeDigest };
  await expect(decide(next, sample.steward)).rejects.toThrow('send it along');
  await expect(decide(next, sample.steward, 'Something else.')).rejects.toThrow('send it along');
  await agreed(next, notice);
  charter = next;
  const programme = await callAs(server.url, undefined, publicRoutes.programme);
  const fingerprint = programmeFingerprint(sample.vault.key, next);
  expect(programme).toMatchObject({ charter: { payload: next }, fingerprint, notice });
  expect(programme.charters.map(({ payload }) => payload.number)).toEqual([1, 2]);
  await expect(lease()).rejects.toThrow('asks for more: purposes, notice');
  await consentAs({});
  await expect(lease()).rejects.toMatchObject({ code: 'consent.stale' });
  await expect(consentAs({ fingerprint })).rejects.toMatchObject({ code: 'consent.stale' });
  await consentAs({ fingerprint, notice: noticeDigest });
  expect(await lease()).toMatchObject({ consentEpoch: 1 });
  const back = consentAs({ at: instant(Date.now() + 2_000) });
  await expect(back).rejects.toMatchObject({ code: 'consent.stale' });
});

const halting = async (kind: 'halt' | 'resume', programmeEpoch: number, by: Actor) => {
  const { programme } = charter;
  const at = '2026-11-24T00:00:00Z';
  const statement = await sign({ v: 1, kind, programme, programmeEpoch, at } as const, by.signer);
  return callAs(server.url, by, personRoutes.declare, { body: { statement } });
};

test('a role that was not recertified has no rights but to stop, until it is', async () => {
  const { steward, officer, researcher, incident } = sample;
  const ask = (by: Actor) => callAs(server.url, by, personRoutes.grants);
  await ask(incident);
  const next: Charter = { ...charter, number: 3, recertifyDays: 1 };
  await agreed(next);
  charter = next;
  for (const by of [steward, researcher, incident]) {
    await expect(ask(by)).rejects.toThrow('not recertified in time');
  }
  expect(await halting('halt', 2, steward)).toMatchObject({ state: 'halted' });
  for (const by of [steward, officer]) await halting('resume', 3, by);
  expect(await halting('resume', 3, officer)).toMatchObject({ state: 'halted' });
  const renewal = (...persons: Actor[]) =>
    ({ ...common(), kind: 'recertification', persons: persons.map(({ id }) => id) }) as const;
  await agreed(renewal(steward, officer));
  await expect(ask(incident)).rejects.toThrow('not recertified in time');
  expect(await decide(renewal(incident), officer)).toMatchObject({ state: 'decided' });
  for (const by of [steward, incident]) await ask(by);
  expect(await halting('resume', 3, officer)).toMatchObject({ state: 'running' });
});

test('other policies than those in the ledger decide nothing but a stop, nor start', async () => {
  const list = () => callAs(server.url, sample.steward, personRoutes.manifests);
  expect((await list()).manifests).toHaveLength(1);
  const digest = '66'.repeat(32);
  await agreed({ ...common(), kind: 'policy', number: 2, digest });
  expect((await list()).manifests).toHaveLength(0);
  expect(await halting('halt', 4, sample.steward)).toMatchObject({ state: 'halted' });
  await server.close();
  await expect(startServer(sample.settings)).rejects.toMatchObject({ code: 'state.conflict' });
});
