// What participants see listed of their own is what they can open, and nobody else can; whatever
// the facts are.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import { sign } from '@handrail/core/statement';
import {
  type CallInput,
  deviceRoutes,
  type Payload,
  personRoutes,
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
  today,
} from '@handrail/testbed/sample-programme';
import { openOwn } from '@handrail/testbed/sample-reading';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

const peopleMax = 4;
let folder: string;
let sample: SampleProgramme;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-own-'));
  sample = await sampleProgramme(folder);
  server = await startServer({ ...sample.settings, jobRetrySeconds: 0 });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

/** What became of each of somebody's recordings, and whether they left. */
const factsOfOne = fc.record({
  recordings: fc.array(fc.constantFrom('refined', 'quarantined', 'rejected', 'deleted'), {
    minLength: 2,
    maxLength: 3,
  }),
  left: fc.boolean(),
});
type Facts = typeof factsOfOne extends fc.Arbitrary<infer F> ? F : never;

interface Known {
  readonly who: Participant;
  readonly left: boolean;
  readonly trajectories: readonly string[];
  readonly segments: readonly string[];
}

function asVault<B extends Payload, R extends Payload>(route: Route<B, R>, input: CallInput<B>) {
  return callAs(server.url, sample.vault, route, input);
}

async function refineJob(): Promise<string> {
  for (;;) {
    const { job } = await asVault(vaultRoutes.leaseJob, { body: { seconds: 60 } });
    if (job === null) throw new Error('There is nothing to refine.');
    if (job.job.kind === 'refine') return job.id;
    await asVault(vaultRoutes.finishJob, { params: { id: job.id }, body: { outcome: 'done' } });
  }
}

async function establish({ recordings, left }: Facts): Promise<Known> {
  const { url } = server;
  const who = await joinAs(url, sample, manifest);
  const key = await issueKeys(url, sample, who);
  const trajectories: string[] = [];
  const segments: string[] = [];
  for (const became of recordings) {
    const header = headerOf(sample, who, key, { session: idOf('ses', randomBytes(32)) });
    const { id, bytes } = await sealed(header, who);
    await callAs(url, who, deviceRoutes.putSegment, { params: { id }, body: bytes });
    segments.push(id);
    const job = await refineJob();
    const state = became === 'deleted' ? 'quarantined' : became;
    const made = state === 'refined' ? [idOf('traj', randomBytes(32))] : [];
    trajectories.push(...made);
    for (const one of made) {
      const params = { '*': `trajectories/${one}` };
      await asVault(vaultRoutes.putObject, { params, body: new Uint8Array([1]) });
    }
    const facts = made.map((one) => {
      return { facts: { id: one, day: today(), actions: 1, contexts: [] }, segments: [id] };
    });
    const body = { job, segments: [{ id, state }], trajectories: facts };
    await asVault(vaultRoutes.refined, { body });
    await asVault(vaultRoutes.finishJob, { params: { id: job }, body: { outcome: 'done' } });
    if (became === 'deleted') await decide(who, id);
  }
  if (left) await leave(who);
  return { who, left, trajectories, segments };
}

async function decide(who: Participant, segment: string): Promise<void> {
  const decision = { ...commonTo(who), kind: 'quarantine-deletion', segment } as const;
  const statement = await sign(decision, who.signer);
  await callAs(server.url, who, deviceRoutes.state, { body: { statement } });
}

async function leave(who: Participant): Promise<void> {
  const statement = await sign({ ...commonTo(who), kind: 'withdrawal' } as const, who.signer);
  await callAs(server.url, who, deviceRoutes.state, { body: { statement } });
}

function commonTo({ pseudonym }: Participant) {
  const { programme } = sample.charter.payload;
  return { v: 1, programme, pseudonym, consentEpoch: 1, at: instant() } as const;
}

async function isAllowed(asking: Promise<unknown>): Promise<boolean> {
  try {
    await asking;
    return true;
  } catch (error) {
    if (error instanceof HandrailError && error.code === 'not.found') return false;
    throw error;
  }
}

let manifest: Awaited<ReturnType<typeof activateManifest>>;

test('what is listed to somebody is what they can open, in whatever state it is', async () => {
  const { url } = server;
  manifest = await activateManifest(url, sample);
  const all: Known[] = [];
  for (const facts of fc.sample(factsOfOne, peopleMax)) all.push(await establish(facts));
  // Whatever chance gave: somebody with everything, and somebody who left.
  all.push(await establish({ recordings: ['refined', 'quarantined', 'deleted'], left: false }));
  all.push(await establish({ recordings: ['refined', 'quarantined'], left: true }));
  const opened = async ({ who }: Known) => {
    const trajectories: string[] = [];
    const segments: string[] = [];
    for (const one of all.flatMap((known) => known.trajectories)) {
      if (await isAllowed(openOwn(url, sample, who, one))) trajectories.push(one);
    }
    for (const id of all.flatMap((known) => known.segments)) {
      if (await isAllowed(openOwn(url, sample, who, id))) segments.push(id);
    }
    return { trajectories: trajectories.sort(), segments: segments.sort() };
  };
  const listed = async ({ who }: Known) => {
    const { trajectories } = await callAs(url, who, deviceRoutes.trajectories);
    const { segments } = await callAs(url, who, deviceRoutes.quarantine);
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort();
    return { trajectories: ids(trajectories), segments: ids(segments) };
  };
  const nothing = { trajectories: [], segments: [] };
  let shown = 0;
  for (const known of all) {
    const seen = await listed(known);
    for (const one of seen.trajectories) expect(known.trajectories).toContain(one);
    for (const one of seen.segments) expect(known.segments).toContain(one);
    // Who left sees what still waits to be destroyed, and nobody opens it any more.
    expect(await opened(known)).toEqual(known.left ? nothing : seen);
    shown += seen.trajectories.length + seen.segments.length;
  }
  expect(shown).toBeGreaterThan(1);
  const { programme } = sample.charter.payload;
  const halt = { v: 1, kind: 'halt', programme, programmeEpoch: 2, at: instant() } as const;
  const body = { statement: await sign(halt, sample.steward.signer) };
  await callAs(url, sample.steward, personRoutes.declare, { body });
  for (const known of all) expect(await opened(known)).toEqual(nothing);
});
