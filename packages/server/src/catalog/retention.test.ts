import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { sign } from '@handrail/core/statement';
import { deviceRoutes, vaultRoutes } from '@handrail/core/wire';
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
  today,
} from '@handrail/testbed/sample-programme';
import { openOwn } from '@handrail/testbed/sample-reading';
import { startWitness } from '@handrail/testbed/witness';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { parseConfig } from '../config.ts';
import type { ServerContext } from '../context.ts';
import { topUpDayKeys } from '../governance/day-keys.ts';
import { openContext } from '../open-context.ts';
import { expire } from './retention.ts';
import { tellingDays } from './tellings.ts';

const dayMs = 86_400_000;
let folder: string;
let stack: AsyncDisposableStack;
let sample: SampleProgramme;
let context: ServerContext;
let url: string;
let aheadMs: number;
let ann: Participant;
let bob: Participant;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'retention-'));
  stack = new AsyncDisposableStack();
  aheadMs = 0;
  await serve(await sampleProgramme(folder));
});

afterEach(async () => {
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});

async function serve(programme: SampleProgramme) {
  sample = programme;
  const config = parseConfig({ ...sample.settings, jobRetrySeconds: 0 });
  context = await openContext(config, stack, { nowMs: () => Date.now() + aheadMs });
  const app = await buildApp(context);
  stack.defer(() => app.close());
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  const manifest = await activateManifest(url, sample);
  ann = await joinAs(url, sample, manifest);
  bob = await joinAs(url, sample, manifest);
}

const asVault: typeof callAs = (_url, _who, route, input) =>
  callAs(url, sample.vault, route, input);

async function nextJob(kind: string) {
  for (;;) {
    await context.intake.planner.settled();
    const job = await context.jobs.lease(60, 0);
    if (job === undefined || job.job.kind === kind) return job;
    await finish(job.id);
  }
}

async function finish(id: string, result?: string) {
  const body = { outcome: 'done', ...(result === undefined ? {} : { result }) } as const;
  await asVault(url, undefined, vaultRoutes.finishJob, { params: { id }, body });
}

/** A segment of `who`, refined into a trajectory of the same day, and a view of that. */
async function recorded(who: Participant) {
  const sealedTo = await issueKeys(url, sample, who);
  const session = idOf('ses', randomBytes(32));
  const segment = await sealed(headerOf(sample, who, sealedTo, { session }), who);
  const params = { id: segment.id };
  await callAs(url, who, deviceRoutes.putSegment, { params, body: segment.bytes });
  const leased = await nextJob('refine');
  const trajectory = idOf('traj', randomBytes(32));
  await put(`trajectories/${trajectory}`);
  const facts = { id: trajectory, day: today(), actions: 1, contexts: [] };
  await asVault(url, undefined, vaultRoutes.refined, {
    body: {
      job: leased?.id ?? '',
      segments: [{ id: segment.id, state: 'refined' }],
      trajectories: [{ facts, segments: [segment.id] }],
    },
  });
  await finish(leased?.id ?? '');
  const opened = await openOwn(url, sample, who, trajectory);
  await nextJob('view');
  await put(`results/${opened.job}`);
  await finish(opened.job, opened.job);
  return { segment: segment.id, trajectory, result: opened.job };
}

async function put(key: string) {
  const body = new Uint8Array([1]);
  await asVault(url, undefined, vaultRoutes.putObject, { params: { '*': key }, body });
}

const nothing = { segments: 0, trajectories: 0, results: 0, decisions: 0, tellings: 0 };

async function keysStored() {
  const keys: string[] = [];
  for (const kind of ['segments/', 'trajectories/', 'results/']) {
    for await (const key of context.objects.list(kind)) keys.push(key);
  }
  return keys.sort();
}

test('days past retention go from the disk, each tier at its own time', async () => {
  const { segment, trajectory, result } = await recorded(ann);
  await put('results/left-by-a-job-that-died');
  expect(await expire(context)).toEqual({ ...nothing, results: 1 });
  const results = [`results/${result}`];
  const all = [...results, `segments/${segment}`, `trajectories/${trajectory}`];
  expect(await keysStored()).toEqual(all);
  aheadMs = 2 * dayMs;
  expect(await expire(context)).toMatchObject({ results: 1 });
  expect(await keysStored()).toEqual(all.slice(1));
  aheadMs = 31 * dayMs;
  expect(await expire(context)).toMatchObject({ segments: 1, trajectories: 0 });
  expect(await keysStored()).toEqual([`trajectories/${trajectory}`]);
  aheadMs = 366 * dayMs;
  expect(await expire(context)).toMatchObject({ trajectories: 1 });
  expect(await keysStored()).toEqual([]);
  expect(await expire(context)).toEqual(nothing);
  aheadMs = 0;
  const { trajectories } = await callAs(url, ann, deviceRoutes.trajectories);
  expect(trajectories).toEqual([]);
});

test('what was accepted and never refined counts as expired, and its job can end', async () => {
  const sealedTo = await issueKeys(url, sample, ann);
  const segment = await sealed(headerOf(sample, ann, sealedTo), ann);
  const params = { id: segment.id };
  await callAs(url, ann, deviceRoutes.putSegment, { params, body: segment.bytes });
  await context.intake.planner.settled();
  aheadMs = 31 * dayMs;
  await expire(context);
  aheadMs = 0;
  const counts = await callAs(url, ann, deviceRoutes.segmentCounts);
  expect(counts).toMatchObject({ accepted: 1, waiting: 0, rejected: 1 });
  const leased = await nextJob('refine');
  await finish(leased?.id ?? '');
  expect(await nextJob('refine')).toBeUndefined();
});

test('shredding takes all of one participant, also when the server stops meanwhile', async () => {
  const [gone, kept] = [await recorded(ann), await recorded(bob)];
  const withdrawal = {
    v: 1,
    kind: 'withdrawal',
    programme: sample.charter.payload.programme,
    pseudonym: ann.pseudonym,
    consentEpoch: 1,
    at: instant(),
  } as const;
  const statement = await sign(withdrawal, ann.signer);
  await callAs(url, ann, deviceRoutes.state, { body: { statement } });
  const leased = await nextJob('shred');
  expect(await keysStored()).toContain(`segments/${gone.segment}`);
  // The server stops between ending the job and deleting.
  await context.jobs.finish(leased?.id ?? '', { outcome: 'done' });
  await expire(context);
  const ofBob = [
    `results/${kept.result}`,
    `segments/${kept.segment}`,
    `trajectories/${kept.trajectory}`,
  ];
  expect(await keysStored()).toEqual(ofBob);
  const journal = () => readFile(join(sample.settings.dataFolder, 'journal', 'records'), 'utf8');
  const names = async () => (await journal()).match(/"kind":"name"/g)?.length;
  expect(await names()).toBe(2);
  await context.facts.compact();
  expect(await names()).toBe(1);
  expect(await journal()).not.toContain(`"kind":"name","pseudonym":"${ann.pseudonym}"`);
  const owners = await context.db.selectFrom('day_key').select('pseudonym').distinct().execute();
  expect(owners).toEqual([{ pseudonym: bob.pseudonym }]);
});

async function keyJobs() {
  const names: string[] = [];
  for (let job = await nextJob('issue-keys'); job; job = await nextJob('issue-keys')) {
    if ('pseudonym' in job.job) names.push(job.job.pseudonym);
    await finish(job.id);
  }
  return names.sort();
}

test('day keys are asked for again before they run out, once at a time', async () => {
  const both = [ann.pseudonym, bob.pseudonym].sort();
  expect(await keyJobs()).toEqual(both);
  await issueKeys(url, sample, ann);
  await topUpDayKeys(context);
  await callAs(url, bob, deviceRoutes.dayKeys);
  await callAs(url, ann, deviceRoutes.dayKeys);
  expect(await keyJobs()).toEqual([bob.pseudonym]);
  aheadMs = 2 * dayMs;
  await topUpDayKeys(context);
  await topUpDayKeys(context);
  aheadMs = 0;
  expect(await keyJobs()).toEqual(both);
  aheadMs = 31 * dayMs;
  await topUpDayKeys(context);
  aheadMs = 0;
  expect(await keyJobs()).toEqual([]);
});

/** A witness whose clock a test can change, and a programme that relies on it. */
async function witnessOf(place: string) {
  await mkdir(place);
  const files = { keyFile: join(place, 'key'), stateFile: join(place, 'state') };
  // Its key stands in the charter that names the log, so it starts without a log at first.
  const first = await startWitness({ ...files, port: 0, logs: [] });
  await first.close();
  const { url: address, verifierLine } = first;
  const witnesses = [{ url: address, verifierLine }];
  const programme = await sampleProgramme(join(place, 'programme'), {
    witnesses,
    witnessQuorum: 1,
  });
  const clock = { programme, aheadMs: 0 };
  const witness = await startWitness({
    ...files,
    port: Number(new URL(address).port),
    logs: [programme.charter.payload.logVerifier],
    nowMs: () => Date.now() + clock.aheadMs,
  });
  stack.defer(() => witness.close());
  return clock;
}

test('a clock that jumps ahead deletes nothing until a witness says so too', async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
  const witness = await witnessOf(join(folder, 'witnessed'));
  await serve(witness.programme);
  const { segment } = await recorded(ann);
  aheadMs = 400 * dayMs;
  expect(await expire(context)).toMatchObject({ segments: 0, trajectories: 0 });
  expect(await keysStored()).toContain(`segments/${segment}`);
  witness.aheadMs = 400 * dayMs;
  await context.ledger.append([new TextEncoder().encode('{}')]);
  expect(await expire(context)).toMatchObject({ segments: 1, trajectories: 1 });
});

test('what was told of openings goes a while after the keys, not of who takes part', async () => {
  const [tag, commitment] = ['A'.repeat(22), 'A'.repeat(43)];
  const entries = [{ tag, commitment }];
  for (const who of [ann, bob]) await put(`openings/${who.pseudonym}/t${tag}.${commitment}`);
  const told = async (who: Participant) =>
    (await callAs(url, who, deviceRoutes.openings, { body: { entries } })).boxes;
  const { programme, pseudonym, consentEpoch } = ann.consent;
  const whose = { v: 1, programme, pseudonym, consentEpoch, at: instant() } as const;
  const erasure = await sign({ ...whose, kind: 'erasure' as const }, ann.signer);
  await callAs(url, ann, deviceRoutes.state, { body: { statement: erasure } });
  aheadMs = 2 * tellingDays * dayMs;
  expect(await expire(context)).toMatchObject({ tellings: 0 });
  aheadMs = 0;
  const job = idOf('job', randomBytes(32));
  const certificate = {
    ...{ ...whose, kind: 'erasure-certificate' as const, asked: 1, keys: 1 },
    ...{
      shredded: { index: 2, salt: 'A'.repeat(43), job },
      objects: { segments: 0, trajectories: 0 },
    },
  };
  const body = { certificate: await sign(certificate, sample.vault.signer) };
  await asVault(url, undefined, vaultRoutes.certified, { body });
  aheadMs = (tellingDays - 1) * dayMs;
  expect(await expire(context)).toMatchObject({ tellings: 0 });
  aheadMs = 0;
  expect(await told(ann)).toEqual(['AQ']);
  aheadMs = (tellingDays + 1) * dayMs;
  expect(await expire(context)).toMatchObject({ tellings: 1 });
  aheadMs = 0;
  expect([await told(ann), await told(bob)]).toEqual([[null], ['AQ']]);
});
