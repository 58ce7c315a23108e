import {
  answerDaysMax,
  type Objection,
  type ObjectionAnswer,
  readReleaseList,
  sign,
  statementDigest,
} from '@handrail/core/statement';
import { beforeEach, expect, test } from 'vitest';
import { TrialLife, trialRecipe } from '../trial/life.ts';
import { instantOf, newId, type TrialParticipant } from '../trial/programme.ts';

const dayMs = 86_400_000;
let life: TrialLife;
let people: TrialParticipant[];
let trajectories: string[];

beforeEach(async () => {
  life = await TrialLife.begin({ purposes: ['train-agents', 'evaluate-agents'] });
  people = [await life.joined(), await life.joined(), await life.joined()];
  trajectories = [];
  for (const person of people) trajectories.push(await life.recorded(person));
  return () => life[Symbol.asyncDispose]();
});

const first = () => people[0] as TrialParticipant;

async function objects({ consent, device }: TrialParticipant, signer = device): Promise<string> {
  const { programme, pseudonym, consentEpoch } = consent;
  const payload: Objection = {
    ...({ v: 1, kind: 'objection', programme, pseudonym, consentEpoch } as const),
    ...({ purpose: 'train-agents', at: instantOf(life.nowMs) } as const),
  };
  const statement = await sign(payload, signer);
  await life.trial.accept(statement);
  return statementDigest(statement);
}

async function answered(
  objection: string,
  answer: ObjectionAnswer['answer'],
  by: 'steward' | 'researcher' = 'steward',
): Promise<void> {
  const payload: ObjectionAnswer = {
    ...({ v: 1, kind: 'objection-answer', objection, answer, reason: 'because' } as const),
    ...{ programme: life.trial.charter.programme, at: instantOf(life.nowMs) },
  };
  await life.trial.accept(await sign(payload, life.trial.persons[by]));
}

/** Whose data a build for `purpose` takes now: one for each of `people`. */
async function taken(purpose: 'train-agents' | 'evaluate-agents' = 'train-agents') {
  for (const { consent, device } of people) {
    await life.trial.accept(await sign({ ...consent, at: instantOf(life.nowMs) }, device));
  }
  const recipe = { ...trialRecipe, purpose };
  const { id } = await life.granted(recipe);
  const release = await life.built(id, trajectories, recipe);
  const record = await life.keeper.keyring.release(release);
  return people.map(({ consent }) => {
    return record?.participants.some(({ pseudonym }) => pseudonym === consent.pseudonym) === true;
  });
}

test('who objects is left out for that purpose at once, and for no other', async () => {
  expect(await taken()).toEqual([true, true, true]);
  await objects(first());
  expect(await taken()).toEqual([false, true, true]);
  expect(await taken('evaluate-agents')).toEqual([true, true, true]);
});

test('nobody objects for somebody else', async () => {
  await objects(first(), people[1]?.device);
  expect(await taken()).toEqual([true, true, true]);
});

test('a decider who declines in time lets it in again, and nobody else does', async () => {
  const objection = await objects(first());
  await answered(objection, 'declined', 'researcher');
  expect(await taken()).toEqual([false, true, true]);
  await answered(objection, 'declined');
  expect(await taken()).toEqual([true, true, true]);
  await answered(objection, 'upheld');
  expect(await taken()).toEqual([false, true, true]);
  await answered(objection, 'declined');
  expect(await taken()).toEqual([false, true, true]);
});

test('without an answer in time it stays out for good, also when it is said again', async () => {
  const objection = await objects(first());
  life.nowMs += (answerDaysMax - 1) * dayMs;
  const again = await objects(first());
  life.nowMs += 2 * dayMs;
  for (const one of [objection, again]) await answered(one, 'declined');
  expect(await taken()).toEqual([false, true, true]);
});

test('an answer that is stamped back counts for when it came', async () => {
  const objection = await objects(first());
  const objectedMs = life.nowMs;
  life.nowMs += (answerDaysMax + 1) * dayMs;
  await life.joined();
  const lateMs = life.nowMs;
  life.nowMs = objectedMs + dayMs;
  await answered(objection, 'declined');
  life.nowMs = lateMs;
  expect(await taken()).toEqual([false, true, true]);
});

test('a release for that purpose is superseded and built again without them', async () => {
  const { id: grant } = await life.granted();
  const release = await life.built(grant, trajectories);
  const exporting = { kind: 'export', release, grant, format: 'agentnet' } as const;
  await objects(first());
  expect(await life.run(exporting)).toMatchObject({ reason: 'objected-to-purpose' });
  expect(await life.run({ kind: 'review-releases' })).toEqual({ outcome: 'done' });
  const { number } = await life.keeper.lists.newest();
  const bytes = life.server.objects.get(`lists/${number}`) ?? new Uint8Array();
  const list = await readReleaseList(bytes, life.keeper.identity.publicKey);
  const standing = list?.releases.find((one) => one.release === release);
  expect(standing).toMatchObject({ state: 'superseded', reason: 'objection' });
  expect(standing?.supersededBy).toBeDefined();
});

test('a release of one purpose is nothing under a grant of another', async () => {
  const { id: grant } = await life.granted();
  const release = await life.built(grant, trajectories);
  const other = { ...trialRecipe, purpose: 'evaluate-agents' as const };
  const { id: evaluating } = await life.granted(other);
  const no = { outcome: 'failed', reason: 'grant-for-another-recipe' };
  const exporting = { kind: 'export', release, format: 'agentnet' } as const;
  expect(await life.run({ ...exporting, grant: evaluating })).toEqual(no);
  expect(await life.run({ kind: 'rebuild', release, workers: 1, grant: evaluating })).toEqual(no);
  const build = { kind: 'build', release: newId('rel'), candidates: trajectories } as const;
  expect(await life.run({ ...build, grant, recipe: other })).toEqual(no);
  // A release is no input of another: what is named as one is not taken.
  const of = { ...build, grant, recipe: trialRecipe, candidates: [release] };
  expect(await life.run(of)).toMatchObject({ reason: 'nothing-selected' });
});
