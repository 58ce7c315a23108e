import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import type { CapturedEvent } from '@handrail/core/events';
import { commitment, encodeEntry, saltBytes } from '@handrail/core/ledger';
import type { Signer } from '@handrail/core/seal';
import { type DeviceRevocation, type ManifestFile, sign } from '@handrail/core/statement';
import type { Job } from '@handrail/core/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runTask } from '../worker/run.ts';
import { runJob } from './jobs.ts';
import type { KeeperContext } from './keeper-context.ts';
import { handIn, type TrialServer, trialKeeper } from './trial/keeper.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
} from './trial/programme.ts';
import { ownReading } from './trial/reading.ts';
import { trialStage } from './trial/stage.ts';

const file: ManifestFile = {
  version: 1,
  signals: ['key', 'pointer', 'window', 'focus'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const events: CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
  { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
];
const revoked = { outcome: 'failed', reason: 'device-revoked' } as const;

let folder: string;
let trial: TrialProgramme;
let server: TrialServer;
let keeper: KeeperContext;
let ann: TrialParticipant;

beforeEach(async () => {
  ({ folder, trial, server } = await trialStage());
  keeper = await trialKeeper(folder, trial, server, runTask);
  ann = await trial.join({ manifest: await trial.setManifest(file, 1) });
  await run({ kind: 'issue-keys', ...owner() });
});
afterEach(() => rm(folder, { recursive: true }));

const run = (job: Job, id: string = newId('job')) => runJob(keeper, id, job);

function owner() {
  const { pseudonym, consentEpoch } = ann.consent;
  return { pseudonym, consentEpoch };
}

async function recorded() {
  const session = newId('ses');
  const content = { contexts: file.contexts, events };
  const segment = await handIn(trial, server, ann, { session }, content);
  return { kind: 'refine' as const, ...owner(), session, segments: [segment] };
}

/** As intake does: one leaf for segments that came in together. */
async function accepted(segments: readonly string[]): Promise<void> {
  const salt = new Uint8Array(randomBytes(saltBytes));
  const sorted = segments.toSorted();
  const committed = commitment(salt, canonicalBytes({ segments: sorted }));
  const at = instantOf(startMs);
  const kind = 'segments.accepted' as const;
  const entry = encodeEntry({ v: 1, kind, at, commitment: committed, count: sorted.length });
  const { firstIndex: leaf } = await trial.ledger.append([entry]);
  const told = { leaf, salt: toBase64url(salt), segments: sorted };
  for (const segment of segments) server.acceptances.set(segment, told);
}

async function revoke(...signers: Signer[]): Promise<void> {
  const { programme, pseudonym } = ann.consent;
  const whose = { programme, pseudonym, at: instantOf(startMs) } as const;
  const payload: DeviceRevocation = { v: 1, kind: 'device-revocation', ...whose };
  await trial.accept(await sign(payload, ...signers));
}

const said = () => server.reports.at(-1)?.segments[0];

test('what a revoked device seals is refused, and what was accepted before is not', async () => {
  const before = await recorded();
  const unproven = await recorded();
  await accepted([before.segments[0] ?? '', newId('seg')]);
  await revoke(ann.device);
  const after = await recorded();
  await accepted(after.segments);
  await run(after);
  expect(said()).toMatchObject({ state: 'rejected', reason: 'device-revoked' });
  await run(unproven);
  expect(said()).toMatchObject({ state: 'rejected', reason: 'device-revoked' });
  await run(before);
  expect(said()).toMatchObject({ state: 'refined' });
});

test('a server cannot date the acceptance of a segment back', async () => {
  const early = await recorded();
  await accepted(early.segments);
  await revoke(ann.device);
  const late = await recorded();
  const [lateId = ''] = late.segments;
  const earlier = server.acceptances.get(early.segments[0] ?? '');
  if (earlier === undefined) throw new Error('Nothing was accepted.');
  for (const segments of [earlier.segments, [...earlier.segments, lateId], [lateId]]) {
    server.acceptances.set(lateId, { ...earlier, segments });
    await run(late);
    expect(said()).toMatchObject({ state: 'rejected', reason: 'device-revoked' });
  }
});

test('its owner is shown nothing on it, and it renews and releases nothing', async () => {
  const job = await recorded();
  await run(job);
  const trajectory = server.reports.at(-1)?.trajectories[0]?.facts.id ?? '';
  await revoke(trial.persons.officer);
  const reading = await ownReading(keeper, ann, trajectory);
  expect(await run(reading.job)).toMatchObject(revoked);
  const segment = await ownReading(keeper, ann, job.segments[0] ?? '');
  expect(await run(segment.job)).toMatchObject(revoked);
  const renewed = { ...ann.consent, at: instantOf(startMs + 60_000) };
  await trial.accept(await sign(renewed, ann.device));
  const { participants } = await keeper.ledger.state();
  expect(participants.get(ann.consent.pseudonym)?.consents.get(1)).toEqual(ann.consent);
});

test('it is ended by itself or one who may halt, and takes things back all the same', async () => {
  const other = await trial.join();
  await revoke(other.device, trial.persons.researcher);
  await run(await recorded());
  expect(said()).toMatchObject({ state: 'refined' });
  await revoke(trial.persons.steward);
  await run(await recorded());
  expect(said()).toMatchObject({ state: 'rejected', reason: 'device-revoked' });
  const { programme } = ann.consent;
  const withdrawal = { v: 1, kind: 'withdrawal', programme, ...owner() } as const;
  await trial.accept(await sign({ ...withdrawal, at: instantOf(startMs) }, ann.device));
  expect((await keeper.ledger.state()).floors.get(ann.consent.pseudonym)).toBe(1);
});
