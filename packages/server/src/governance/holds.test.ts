import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import {
  type Hold,
  type HoldRelease,
  type ManifestStatement,
  sign,
} from '@handrail/core/statement';
import { deviceRoutes, personRoutes, vaultRoutes } from '@handrail/core/wire';
import {
  type Actor,
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
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { expire } from '../catalog/retention.ts';
import { parseConfig } from '../config.ts';
import type { ServerContext } from '../context.ts';
import { openContext } from '../open-context.ts';

const dayMs = 86_400_000;
let folder: string;
let stack: AsyncDisposableStack;
let sample: SampleProgramme;
let context: ServerContext;
let url: string;
let aheadMs: number;
let manifest: ManifestStatement;
let ann: Participant;
let bob: Participant;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holds-'));
  aheadMs = 0;
  sample = await sampleProgramme(folder);
  await serve();
  manifest = await activateManifest(url, sample);
});
beforeEach(async () => {
  ann = await joinAs(url, sample, manifest);
  bob = await joinAs(url, sample, manifest);
});
afterAll(async () => {
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});

async function serve() {
  stack = new AsyncDisposableStack();
  const config = parseConfig({ ...sample.settings, jobRetrySeconds: 0 });
  context = await openContext(config, stack, { nowMs: () => Date.now() + aheadMs });
  const app = await buildApp(context);
  stack.defer(() => app.close());
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}

async function handIn(who: Participant): Promise<string> {
  const sealedTo = await issueKeys(url, sample, who);
  const session = idOf('ses', randomBytes(32));
  const { id, bytes } = await sealed(headerOf(sample, who, sealedTo, { session }), who);
  await callAs(url, who, deviceRoutes.putSegment, { params: { id }, body: bytes });
  await context.intake.planner.settled();
  return `segments/${id}`;
}

async function stored(...keys: readonly string[]): Promise<string[]> {
  const there: string[] = [];
  for (const key of keys) if (await context.objects.get(key)) there.push(key);
  return there;
}

function holdOf(participant: string | null, changes: Partial<Hold> = {}): Hold {
  const { programme } = sample.charter.payload;
  const hold = idOf('hold', randomBytes(32));
  const said = { participant, days: null, reason: 'order 1', at: instant() };
  return { v: 1, kind: 'hold', programme, hold, ...said, ...changes };
}

function releaseOf({ programme, hold }: Hold): HoldRelease {
  return { v: 1, kind: 'hold-release', programme, hold, at: instant() };
}

async function say(by: Actor, payload: Hold | HoldRelease) {
  const body = { statement: await sign(payload, by.signer) };
  return callAs(url, by, personRoutes.decideHold, { body });
}

async function erase(who: Participant) {
  const { programme } = sample.charter.payload;
  const { pseudonym } = who;
  const at = instant();
  const erasure = { v: 1, kind: 'erasure', programme, pseudonym, consentEpoch: 1, at } as const;
  const body = { statement: await sign(erasure, who.signer) };
  await callAs(url, who, deviceRoutes.state, { body });
}

const erased = ({ pseudonym }: Participant) =>
  callAs(url, sample.vault, vaultRoutes.erased, { body: { pseudonym, consentEpoch: 1 } });
const told = async (who: Participant) =>
  (await callAs(url, who, deviceRoutes.erasure)).holds.map(({ payload }) => payload);

test('a hold of two roles keeps what would be deleted, and its end deletes it', async () => {
  const [anns, bobs] = [await handIn(ann), await handIn(bob)];
  const hold = holdOf(ann.pseudonym);
  expect(await say(sample.steward, hold)).toMatchObject({ state: 'pending' });
  expect(await say(sample.incident, hold)).toMatchObject({ state: 'placed' });
  await erase(ann);
  await erase(bob);
  expect(await erased(bob)).toEqual({ segments: 1, trajectories: 0 });
  expect(await erased(ann)).toEqual({ segments: 0, trajectories: 0 });
  expect(await stored(anns, bobs)).toEqual([anns]);
  expect(await told(ann)).toEqual([hold]);
  expect(await told(bob)).toEqual([]);
  await stack.disposeAsync();
  await serve();
  aheadMs = 40 * dayMs;
  await expire(context);
  aheadMs = 0;
  expect(await stored(anns, bobs)).toEqual([anns]);
  const listed = await callAs(url, ann, deviceRoutes.trajectories);
  expect(listed.trajectories).toEqual([]);
  const released = releaseOf(hold);
  expect(await say(sample.officer, released)).toMatchObject({ state: 'placed' });
  expect(await stored(anns, bobs)).toEqual([anns]);
  expect(await say(sample.steward, released)).toMatchObject({ state: 'released' });
  await expire(context);
  expect(await erased(ann)).toEqual({ segments: 1, trajectories: 0 });
  expect(await stored(anns, bobs)).toEqual([]);
  expect(await told(ann)).toEqual([]);
});

test('one person alone, or one without the role, holds nothing', async () => {
  const anns = await handIn(ann);
  const hold = holdOf(null);
  for (const again of [1, 2]) {
    expect([again, await say(sample.officer, hold)]).toMatchObject([again, { state: 'pending' }]);
  }
  await expect(say(sample.researcher, hold)).rejects.toMatchObject({ code: 'access.denied' });
  const { programme } = sample.charter.payload;
  const forged = await sign(holdOf(null, { programme }), sample.officer.signer);
  await expect(
    callAs(url, sample.steward, personRoutes.decideHold, { body: { statement: forged } }),
  ).rejects.toMatchObject({ code: 'signature.invalid' });
  await erase(ann);
  expect(await erased(ann)).toMatchObject({ segments: 1 });
  expect(await stored(anns)).toEqual([]);
});

test('a hold of some days leaves the others, and another one under its id is refused', async () => {
  await handIn(ann);
  const days = { from: '2020-01-01', to: '2020-12-31' };
  const hold = holdOf(ann.pseudonym, { days });
  await say(sample.steward, hold);
  const wider = { ...hold, days: { ...days, to: today() } };
  await expect(say(sample.officer, wider)).rejects.toMatchObject({ code: 'state.conflict' });
  await say(sample.officer, hold);
  await erase(ann);
  expect(await erased(ann)).toMatchObject({ segments: 1 });
  const { holds } = await callAs(url, sample.officer, personRoutes.holds);
  expect(holds[0]).toMatchObject({ state: 'placed', statement: { payload: hold } });
  await expect(say(sample.officer, releaseOf(wider))).resolves.toBeDefined();
  await expect(say(sample.officer, releaseOf(holdOf(null)))).rejects.toMatchObject({
    code: 'state.conflict',
  });
});

test('nothing is deleted, and nothing certified, of somebody who takes part', async () => {
  const anns = await handIn(ann);
  await expect(erased(ann)).rejects.toMatchObject({ code: 'state.conflict' });
  expect(await stored(anns)).toEqual([anns]);
});
