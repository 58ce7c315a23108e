import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { canonicalDigest } from '@handrail/core/canonical-json';
import type { Checkpoint } from '@handrail/core/ledger';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import { type Charter, type Purpose, programmeFingerprint, sign } from '@handrail/core/statement';
import { beforeEach, expect, test } from 'vitest';
import { createVault } from '../../secrets.ts';
import { checkConsent } from '../checks/consent.ts';
import { checkReleaseGrant } from '../checks/grant.ts';
import { whyStopped } from '../checks/programme.ts';
import { Checkpoints } from '../ledger/checkpoint.ts';
import { readFloors } from '../ledger/epoch-floors.ts';
import { Statements } from '../ledger/statements.ts';
import { instantOf, startMs, type TrialProgramme, trialProgramme } from '../trial/programme.ts';

const carried = '44'.repeat(32);
const dayMs = 86_400_000;
let folder: string;
let vaultKey: string;
let trial: TrialProgramme;
let nowMs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programme-'));
  vaultKey = (await createVault(folder)).publicKey;
  trial = await trialProgramme(vaultKey);
  nowMs = startMs;
  trial.ledger.nowMs = () => nowMs;
  return () => rm(folder, { recursive: true });
});

async function follow(own = carried) {
  const { reader } = trial.ledger;
  const statements = await Statements.open(folder, trial.charter, trial.statements, own);
  const inForce = () => statements.charter;
  const checkpoints = await Checkpoints.open(folder, reader, inForce, () => nowMs);
  return statements.upTo(reader, await checkpoints.next('fresh'));
}

const common = () => ({ v: 1, programme: trial.charter.programme, at: instantOf(nowMs) }) as const;

async function setPolicy(number: number, digest: string, ...signers: readonly Signer[]) {
  await trial.accept(await sign({ ...common(), kind: 'policy', number, digest }, ...signers));
}

async function close(...signers: readonly Signer[]) {
  const charter = canonicalDigest(trial.charter);
  await trial.accept(await sign({ ...common(), kind: 'close', charter }, ...signers));
}

async function amend(next: Partial<Charter>, ...signers: readonly Signer[]): Promise<Charter> {
  const charter = { ...trial.charter, number: 2, ...next };
  await trial.accept(await sign(charter, ...signers));
  return charter;
}

const newSigner = () => signerFromSeed(newSigningSeed());

function replaced(role: 'steward' | 'officer', signer: Signer): Charter['persons'] {
  return trial.charter.persons.map((person) =>
    person.role === role ? { ...person, publicKey: toBase64url(signer.publicKey) } : person,
  );
}

test('nothing opens in a draft, nor by other policies than those in the ledger', async () => {
  const { steward, officer } = trial.persons;
  const { consent } = await trial.join();
  const asked = { vaultKey, pseudonym: consent.pseudonym, consentEpoch: 1, nowMs };
  expect(checkConsent(await follow(), asked)).toMatchObject({ reason: 'programme-not-started' });
  await trial.start(carried);
  expect(checkConsent(await follow(), asked)).toMatchObject({ kind: 'allowed' });
  const other = '55'.repeat(32);
  expect(whyStopped(await follow(other))).toBe('policies-not-in-force');
  await setPolicy(2, other, steward);
  await setPolicy(3, other, steward, officer);
  expect(whyStopped(await follow())).toBeUndefined();
  await setPolicy(2, other, steward, officer);
  expect(whyStopped(await follow())).toBe('policies-not-in-force');
  expect(whyStopped(await follow(other))).toBeUndefined();
  await setPolicy(1, carried, steward, officer);
  expect(whyStopped(await follow())).toBe('policies-not-in-force');
});

test('numbers that were seen are floors: an older ledger opens nothing afterwards', async () => {
  const { steward, officer } = trial.persons;
  const { reader } = trial.ledger;
  const from = async (checkpoint: Checkpoint) => {
    const again = await Statements.open(folder, trial.charter, trial.statements, carried);
    return again.upTo(reader, checkpoint);
  };
  const inForce = () => trial.charter;
  const newest = async () => {
    const checkpoints = await Checkpoints.open(folder, reader, inForce, () => nowMs);
    return checkpoints.next('fresh');
  };
  await trial.start(carried);
  const started = await newest();
  await setPolicy(2, carried, steward, officer);
  const withPolicy = await newest();
  await amend({ k: 3 }, steward, officer);
  expect(whyStopped(await from(started))).toBeUndefined();
  expect(whyStopped(await from(withPolicy))).toBeUndefined();
  expect(whyStopped(await from(started))).toBe('policies-not-in-force');
  expect(whyStopped(await from(await newest()))).toBeUndefined();
  expect(await readFloors(folder)).toMatchObject({ charter: 2, policy: 2 });
  expect(whyStopped(await from(withPolicy))).toBe('charter-rolled-back');
});

test('only the old quorum amends: not the new persons, one role, or another number', async () => {
  const { steward, officer, researcher } = trial.persons;
  await trial.start(carried);
  const newcomer = await newSigner();
  const persons = replaced('steward', newcomer);
  await amend({ persons }, newcomer, officer);
  await amend({ persons }, officer);
  await amend({ persons }, steward, researcher);
  await amend({ persons, number: 3 }, steward, officer);
  await amend({ persons, number: 1 }, steward, officer);
  expect((await follow()).charter).toEqual(trial.charter);
  const next = await amend({ persons }, steward, officer);
  expect((await follow()).charter).toEqual(next);
  await amend({ persons: trial.charter.persons, number: 3 }, steward, officer);
  expect((await follow()).charter).toEqual(next);
  const third = await amend({ persons, k: 4, number: 3 }, newcomer, officer);
  expect((await follow()).charter).toEqual(third);
});

test('the charter in force is known after a restart, before the ledger is read', async () => {
  const { steward, officer } = trial.persons;
  await trial.start(carried);
  await amend({ k: 5 }, steward, officer);
  await follow();
  const again = await Statements.open(folder, trial.charter, trial.statements, carried);
  expect(again.charter.number).toBe(2);
});

test('who agreed to fewer purposes is opened for those alone, until they agree again', async () => {
  const { steward, officer } = trial.persons;
  await trial.start(carried);
  const { consent, device } = await trial.join();
  const next = await amend({ purposes: ['train-agents', 'evaluate-agents'] }, steward, officer);
  const asked = async (purpose?: Purpose) =>
    checkConsent(await follow(), {
      vaultKey,
      pseudonym: consent.pseudonym,
      consentEpoch: 1,
      nowMs,
      ...(purpose && { purpose }),
    });
  expect(await asked()).toMatchObject({ kind: 'allowed' });
  expect(await asked('train-agents')).toMatchObject({ kind: 'allowed' });
  expect(await asked('evaluate-agents')).toMatchObject({ reason: 'consent-to-fewer-purposes' });
  const fingerprint = programmeFingerprint(vaultKey, next);
  await trial.accept(await sign({ ...consent, fingerprint }, device));
  expect(await asked('evaluate-agents')).toMatchObject({ kind: 'allowed' });
  const forged = { ...consent, fingerprint: programmeFingerprint(vaultKey, { ...next, k: 1 }) };
  await trial.accept(await sign(forged, device));
  expect(await asked()).toMatchObject({ reason: 'consent-to-another-notice' });
});

test('a closed programme opens nothing but what is own, and never again', async () => {
  const { steward, officer } = trial.persons;
  await trial.start(carried);
  await close(officer);
  expect(whyStopped(await follow())).toBeUndefined();
  await close(steward, officer);
  const state = await follow();
  expect(whyStopped(state)).toBe('programme-closed');
  for (const use of ['self-view', 'after-withdrawal'] as const) {
    expect(whyStopped(state, use)).toBeUndefined();
  }
  const charter = canonicalDigest(trial.charter);
  await trial.accept(await sign({ ...common(), kind: 'start', charter }, steward, officer));
  expect(whyStopped(await follow())).toBe('programme-closed');
});

test('who was not recertified approves, resumes and holds nothing, but may halt', async () => {
  const { steward, officer } = trial.persons;
  await trial.start(carried);
  nowMs += 190 * dayMs;
  const recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 1 } as const;
  const signed = await trial.grant({ ...recipe, contexts: [...recipe.contexts] });
  const grantIsHeld = async () => {
    const { scope, id } = signed.payload;
    const recipeDigest = 'recipe' in scope ? scope.recipeDigest : '';
    return checkReleaseGrant(await follow(), signed, { id, recipeDigest, nowMs });
  };
  const approve = (by: Signer) => trial.approve(signed.payload, by, instantOf(nowMs));
  for (const by of [steward, officer]) await approve(by);
  const { programme } = trial.charter;
  const halt = { v: 1, kind: 'halt', programme, programmeEpoch: 2, at: instantOf(nowMs) } as const;
  const resume = { ...halt, kind: 'resume', programmeEpoch: 3 } as const;
  await trial.accept(await sign(halt, steward));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(resume, steward, officer));
  expect((await follow()).halted).toBe(true);
  const persons = trial.charter.persons.map(({ id }) => id);
  const renewal = { ...common(), kind: 'recertification', persons } as const;
  await trial.accept(await sign(renewal, steward));
  await trial.accept(await sign(resume, steward, officer));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(renewal, steward, officer));
  await trial.accept(await sign(resume, steward, officer));
  expect((await follow()).halted).toBe(false);
  expect(await grantIsHeld()).toMatchObject({ reason: 'grant-not-approved' });
  for (const by of [steward, officer]) await approve(by);
  expect(await grantIsHeld()).toMatchObject({ kind: 'allowed' });
  nowMs += 181 * dayMs;
  await trial.join();
  expect(await grantIsHeld()).toMatchObject({ reason: 'holder-not-certified' });
});
