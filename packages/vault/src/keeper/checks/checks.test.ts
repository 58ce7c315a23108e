import { toBase64url } from '@handrail/core/bytes';
import { newSealKeyPair, signerFromSeed } from '@handrail/core/seal';
import { parseSealed, type SegmentHeader, sealSegment } from '@handrail/core/segment';
import { type Grant, type Recipe, recipeDigest, type Signed, sign } from '@handrail/core/statement';
import { beforeEach, expect, test } from 'vitest';
import { noFloors } from '../ledger/epoch-floors.ts';
import { openPolicies } from '../ledger/policies.ts';
import { emptyState, type LedgerState } from '../state/state.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialParticipant,
  type TrialProgramme,
  trialProgramme,
} from '../trial/programme.ts';
import { checkCandidates } from './build.ts';
import { checkReadingGrant, checkReleaseGrant } from './grant.ts';
import { checkPolicy, releaseQuestion } from './policy.ts';
import { checkSegment, type SegmentQuestion } from './refine.ts';

let trial: TrialProgramme;
let state: LedgerState;

beforeEach(async () => {
  trial = await trialProgramme('A'.repeat(43));
  state = emptyState(trial.charter, noFloors, 'policies');
  const policy = { number: 1, digest: 'policies' };
  state.standing = { ...state.standing, phase: 'active', policy };
});

const manifest = 'ab'.repeat(32);

async function segmentOf(
  participant: TrialParticipant,
  changes: Partial<SegmentHeader> = {},
  device = participant.device,
) {
  const { publicKey } = await newSealKeyPair();
  const { consent } = participant;
  const header: SegmentHeader = {
    v: 1,
    programme: trial.charter.programme,
    pseudonym: consent.pseudonym,
    device: consent.device,
    session: newId('ses'),
    sequence: 4,
    closes: true,
    consentEpoch: 1,
    programmeEpoch: 1,
    manifest,
    display: 'virtual',
    sealedTo: toBase64url(publicKey),
    day: '2026-11-23',
    ...changes,
  };
  return parseSealed((await sealSegment(header, new Uint8Array(10), device)).bytes);
}

async function asked(
  changes: Partial<SegmentHeader> = {},
  question: Partial<SegmentQuestion> = {},
  forged = false,
) {
  const participant = await trial.join();
  const stranger = await signerFromSeed(new Uint8Array(32).fill(9));
  const device = forged ? stranger : participant.device;
  const segment = await segmentOf(participant, changes, device);
  return checkSegment(state, segment, {
    id: segment.id,
    session: segment.header.session,
    consent: participant.consent,
    manifests: { [manifest]: {} as never },
    isRefined: () => false,
    wasAccepted: async () => false,
    sequences: new Set(),
    ...question,
  });
}

test('a segment that is what its device sealed under this consent is allowed', async () => {
  expect(await asked()).toEqual({ kind: 'allowed' });
});

test.each([
  ['another-programme', { programme: newId('prog') }, {}],
  ['another-participant', { pseudonym: newId('part') }, {}],
  ['another-consent-epoch', { consentEpoch: 2 }, {}],
  ['another-device', { device: newId('dev') }, {}],
  ['programme-epoch-unknown', { programmeEpoch: 2 }, {}],
  ['manifest-not-accepted', { manifest: 'cd'.repeat(32) }, {}],
  ['manifest-not-accepted', {}, { manifests: {} }],
  ['not-this-segment', {}, { id: newId('seg') }],
  ['another-session', {}, { session: newId('ses') }],
  ['already-refined', {}, { isRefined: (sequence: number) => sequence === 4 }],
  ['sequence-repeated', {}, { sequences: new Set([4]) }],
] as const)('a segment is refused as %s', async (reason, header, question) => {
  expect(await asked(header, question)).toEqual({ kind: 'refused', reason });
});

test('a segment signed by another key is refused', async () => {
  expect(await asked({}, {}, true)).toMatchObject({ reason: 'device-signature-invalid' });
});

const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 100,
};

async function grantAsked(
  changes: Partial<Grant> = {},
  approvers: readonly ('steward' | 'officer' | 'researcher')[] = ['steward', 'officer'],
  question: { recipeDigest?: string; nowMs?: number; id?: string } = {},
  change: (grant: Signed<Grant>) => Signed<Grant> | Promise<Signed<Grant>> = (grant) => grant,
) {
  const signed = await trial.grant(recipe, changes);
  const approval = {
    v: 1,
    kind: 'approval',
    programme: trial.charter.programme,
    at: instantOf(startMs),
    grant: signed.payload,
  } as const;
  const approvals = approvers.map((role) => ({
    key: toBase64url(trial.persons[role].publicKey),
    approval,
  }));
  state.approvals.set(signed.payload.id, approvals);
  return checkReleaseGrant(state, await change(signed), {
    id: signed.payload.id,
    recipeDigest: recipeDigest(recipe),
    nowMs: startMs + 1000,
    ...question,
  });
}

test('a grant approved by two roles over its own bytes stands', async () => {
  expect(await grantAsked()).toMatchObject({ kind: 'allowed', recipe });
});

test('a grant without both roles, or approved by its holder, does not stand', async () => {
  for (const roles of [
    [],
    ['steward'],
    ['steward', 'researcher'],
    ['steward', 'steward'],
  ] as const) {
    expect(await grantAsked({}, roles)).toMatchObject({ reason: 'grant-not-approved' });
  }
});

test('a grant ends with its hours, with a revocation and with a halt', async () => {
  const late = { nowMs: startMs + 8 * 3_600_000 };
  expect(await grantAsked({}, undefined, late)).toMatchObject({ reason: 'grant-expired' });
  const id = newId('grant');
  state.revoked.add(id);
  expect(await grantAsked({ id })).toMatchObject({ reason: 'grant-revoked' });
  state.halted = true;
  expect(await grantAsked()).toMatchObject({ reason: 'programme-halted' });
});

test('a grant is for its own recipe, tier, purpose and programme only', async () => {
  const other = { ...recipe, actionsMax: 101 };
  const otherDigest = recipeDigest(other);
  const no = async (reason: string, ...args: Parameters<typeof grantAsked>) =>
    expect(await grantAsked(...args)).toMatchObject({ reason });
  await no('grant-for-another-recipe', {}, undefined, { recipeDigest: otherDigest });
  await no('grant-for-another-recipe', {
    scope: { recipe: other, recipeDigest: recipeDigest(recipe) },
  });
  await no('grant-for-another-recipe', { purpose: 'evaluate-agents' });
  const evaluate = { ...recipe, purpose: 'evaluate-agents' } as const;
  const digest = recipeDigest(evaluate);
  const scope = { recipe: evaluate, recipeDigest: digest };
  const changes = { purpose: evaluate.purpose, scope };
  await no('purpose-not-in-charter', changes, undefined, { recipeDigest: digest });
  await no('grant-of-another-tier', { tier: 'raw' });
  await no('grant-of-another-tier', { scope: { trajectories: [newId('traj')] } });
  await no('another-programme', { programme: newId('prog') });
  await no('grant-unknown', {}, undefined, { id: newId('grant') });
});

test('a grant whose question is not what its fields say is approved by nobody', async () => {
  const prompt = 'May somebody see the number of trajectories?';
  expect(await grantAsked({ prompt })).toMatchObject({ reason: 'grant-not-approved' });
});

test('somebody whom the charter names twice approves nothing', async () => {
  const { steward } = trial.persons;
  const [first, officer, ...others] = trial.charter.persons;
  if (first === undefined || officer === undefined) throw new Error('The charter names nobody.');
  const isSteward = first.publicKey === toBase64url(steward.publicKey);
  expect(isSteward && officer.role === 'officer').toBe(true);
  const persons = [first, { ...officer, id: first.id }, ...others];
  state = { ...state, charter: { ...trial.charter, persons } };
  expect(await grantAsked()).toMatchObject({ reason: 'grant-not-approved' });
});

test('a grant that its holder did not ask for, or that was changed, does not stand', async () => {
  const { steward } = trial.persons;
  const byOther = async ({ payload }: Signed<Grant>) => sign(payload, steward);
  expect(await grantAsked({}, undefined, {}, byOther)).toMatchObject({ reason: 'grant-unknown' });
  const longer = async ({ payload }: Signed<Grant>) =>
    sign({ ...payload, recipient: `age1${'b'.repeat(58)}` }, trial.persons.researcher);
  expect(await grantAsked({}, undefined, {}, longer)).toMatchObject({
    reason: 'grant-not-approved',
  });
});

async function readingAsked(changes: Partial<Grant>, trajectory: string, nowMs = startMs + 1000) {
  const signed = await trial.grant(recipe, { tier: 'trajectory', ...changes });
  const { programme } = trial.charter;
  const at = instantOf(startMs);
  const approval = { v: 1, kind: 'approval', programme, at, grant: signed.payload } as const;
  const { steward, officer } = trial.persons;
  const approvals = [steward, officer].map((by) => ({ key: toBase64url(by.publicKey), approval }));
  state.approvals.set(signed.payload.id, approvals);
  return checkReadingGrant(state, signed, {
    id: signed.payload.id,
    subject: { trajectory },
    nowMs,
  });
}

test('a grant shows the trajectories that it names, in its time, and nothing else', async () => {
  const [named, other] = [newId('traj'), newId('traj')];
  const scope = { trajectories: [named] };
  const no = async (reason: string, ...asked: Parameters<typeof readingAsked>) =>
    expect(await readingAsked(...asked)).toMatchObject({ reason });
  expect(await readingAsked({ scope }, named)).toMatchObject({ kind: 'allowed' });
  await no('grant-for-another-trajectory', { scope }, other);
  await no('grant-of-another-tier', { scope, tier: 'raw' }, named);
  await no('grant-of-another-tier', { scope, tier: 'release' }, named);
  await no('grant-of-another-tier', {}, named);
  await no('purpose-not-in-charter', { scope, purpose: 'evaluate-agents' }, named);
  await no('grant-expired', { scope }, named, startMs + 8 * 3_600_000);
  state.halted = true;
  await no('programme-halted', { scope }, named);
});

test('a release comes from k participants or more, and stays within its grant', async () => {
  const { payload } = await trial.grant(recipe, { objectsMax: 3, bytesMax: 100 });
  const check = (...facts: readonly [string, number][]) =>
    checkCandidates(
      trial.charter,
      payload,
      facts.map(([pseudonym, bytes]) => ({ pseudonym, bytes })),
    );
  expect(check(['a', 1], ['b', 1])).toEqual({ kind: 'allowed' });
  expect(check(['a', 1], ['a', 1])).toMatchObject({ reason: 'too-few-participants' });
  expect(check()).toMatchObject({ reason: 'nothing-selected' });
  expect(check(['a', 1], ['b', 1], ['c', 1], ['d', 1])).toMatchObject({
    reason: 'too-many-objects',
  });
  expect(check(['a', 60], ['b', 60])).toMatchObject({ reason: 'too-many-bytes' });
});

test('policies are told the phase that the ledger says, a halt before any other', async () => {
  const policies = await openPolicies();
  const { payload: grant } = await trial.grant(recipe);
  const approval = { v: 1, kind: 'approval', programme: trial.charter.programme } as const;
  const approvals = (['steward', 'officer'] as const).map((role) => ({
    key: toBase64url(trial.persons[role].publicKey),
    approval: { ...approval, at: instantOf(startMs), grant },
  }));
  state.approvals.set(grant.id, approvals);
  const at = { recipeDigest: recipeDigest(recipe), nowMs: startMs + 1000 };
  const asked = (phase: 'draft' | 'active' | 'closed', halted = false) => {
    state.standing = { ...state.standing, phase };
    state.halted = halted;
    const question = releaseQuestion(state, 'release.build', grant, at);
    return ['phase' in question && question.phase, checkPolicy(policies, question).kind];
  };
  expect(asked('draft')).toEqual(['draft', 'refused']);
  expect(asked('active')).toEqual(['active', 'allowed']);
  expect(asked('active', true)).toEqual(['halted', 'refused']);
  expect(asked('closed', true)).toEqual(['halted', 'refused']);
  expect(asked('closed')).toEqual(['closed', 'refused']);
});
