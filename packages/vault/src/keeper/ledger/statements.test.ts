import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { encodeEntry } from '@handrail/core/ledger';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  type ManifestFile,
  manifestHash,
  type Signed,
  type Statement,
  sign,
} from '@handrail/core/statement';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVault, readIdentity } from '../../secrets.ts';
import { checkConsent } from '../checks/consent.ts';
import { checkShred } from '../checks/shred.ts';
import { activeManifest, allowedManifests } from '../state/manifest.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialProgramme,
  trialProgramme,
} from '../trial/programme.ts';
import { pinCharter, readCharter } from './charter.ts';
import { Checkpoints } from './checkpoint.ts';
import { Statements } from './statements.ts';

const carried = '44'.repeat(32);
/** The leaf after those that start a programme. */
const first = 2;
let folder: string;
let vaultKey: string;
let trial: TrialProgramme;
let nowMs: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'));
  vaultKey = (await createVault(folder)).publicKey;
  trial = await trialProgramme(vaultKey);
  await trial.start(carried);
  nowMs = startMs;
  trial.ledger.nowMs = () => nowMs;
});
afterEach(() => rm(folder, { recursive: true }));

async function follow(statements?: Statements) {
  const { reader } = trial.ledger;
  const checkpoints = await Checkpoints.open(
    folder,
    reader,
    () => trial.charter,
    () => nowMs,
  );
  const following =
    statements ?? (await Statements.open(folder, trial.charter, trial.statements, carried));
  return following.upTo(reader, await checkpoints.next('fresh'));
}

const consentOf = async (pseudonym: string, consentEpoch = 1) =>
  checkConsent(await follow(), { vaultKey, pseudonym, consentEpoch, nowMs });

function ending(kind: 'withdrawal' | 'erasure', pseudonym: string): Statement {
  const { programme } = trial.charter;
  const at = instantOf(nowMs);
  return { v: 1, kind, programme, pseudonym, consentEpoch: 1, at };
}

function halting(kind: 'halt' | 'resume', programmeEpoch: number): Statement {
  const at = instantOf(nowMs);
  return { v: 1, kind, programme: trial.charter.programme, programmeEpoch, at };
}

const keyOf = ({ publicKey }: Signer) => toBase64url(publicKey);

const files = {
  narrow: {
    version: 1,
    signals: ['pointer'],
    contexts: [{ app: 'mousepad', mode: 'full' }],
  },
  wide: {
    version: 1,
    signals: ['pointer', 'key'],
    contexts: [{ app: 'mousepad', mode: 'full' }],
  },
} as const;
const file = (name: keyof typeof files) => structuredClone(files[name]) as never;

test('a signed consent that stands in the ledger allows', async () => {
  const { consent } = await trial.join();
  expect(await consentOf(consent.pseudonym)).toMatchObject({ kind: 'allowed', consent });
  expect(await consentOf(newId('part'))).toMatchObject({ reason: 'consent-unknown' });
  expect(await consentOf(consent.pseudonym, 2)).toMatchObject({ reason: 'consent-unknown' });
});

test('a consent counts only with the signature of its own device', async () => {
  const { consent } = await trial.join();
  const other = await trial.join();
  const forged = { ...consent, readingKey: other.consent.readingKey, at: instantOf(nowMs + 1000) };
  await trial.accept(await sign(forged, other.device));
  const forgedKey = { ...forged, deviceKey: toBase64url(other.device.publicKey) };
  await trial.accept(await sign(forgedKey, other.device));
  expect(await consentOf(consent.pseudonym)).toMatchObject({ latest: consent });
});

test('a consent to another notice or fingerprint does not count', async () => {
  const notice = await trial.join({ notice: '33'.repeat(32) });
  const print = await trial.join({ fingerprint: 'aaaa-bbbb' });
  for (const { consent } of [notice, print]) {
    expect(await consentOf(consent.pseudonym)).toMatchObject({
      reason: 'consent-to-another-notice',
    });
  }
});

test('a consent that was not renewed in time does not count, a renewed one does', async () => {
  const { consent, device } = await trial.join();
  nowMs += 31 * 86_400_000;
  const renewed = { ...consent, at: instantOf(nowMs) };
  await trial.accept(await sign(halting('halt', 1), trial.persons.steward));
  await trial.accept(
    await sign(halting('resume', 2), trial.persons.steward, trial.persons.officer),
  );
  expect(await consentOf(consent.pseudonym)).toMatchObject({ reason: 'consent-not-renewed' });
  await trial.accept(await sign(renewed, device));
  expect(await consentOf(consent.pseudonym)).toMatchObject({ kind: 'allowed' });
});

test('a second device that somebody else enrols for a participant counts for nothing', async () => {
  const { consent, device } = await trial.join();
  const { pseudonym } = consent;
  const { device: other } = await trial.join();
  const own = { deviceKey: toBase64url(other.publicKey), device: newId('dev') };
  for (const epoch of [1, 2]) {
    const enrolled = { ...consent, ...own, consentEpoch: epoch, at: instantOf(nowMs + epoch) };
    await trial.accept(await sign(enrolled, other));
  }
  await trial.accept(await sign(ending('erasure', pseudonym), other));
  expect(await consentOf(pseudonym)).toMatchObject({ latest: { device: consent.device } });
  await trial.accept(await sign(ending('withdrawal', pseudonym), device));
  expect(await consentOf(pseudonym)).toMatchObject({ reason: 'consent-withdrawn' });
});

test('a consent from a device whose clock runs days ahead does not count', async () => {
  const { consent } = await trial.join({ at: instantOf(nowMs + 2 * 86_400_000) });
  expect(await consentOf(consent.pseudonym)).toMatchObject({ reason: 'consent-of-another-time' });
});

test.each(['withdrawal', 'erasure'] as const)('%s by the own device ends it', async (kind) => {
  const { consent, device } = await trial.join();
  const other = await trial.join();
  await trial.accept(await sign(ending(kind, consent.pseudonym), other.device));
  expect(await consentOf(consent.pseudonym)).toMatchObject({ kind: 'allowed' });
  expect(checkShred(await follow(), consent.pseudonym, 1)).toMatchObject({
    reason: 'no-withdrawal-in-the-ledger',
  });
  await trial.accept(await sign(ending(kind, consent.pseudonym), device));
  expect(await consentOf(consent.pseudonym)).toMatchObject({ reason: 'consent-withdrawn' });
  expect(checkShred(await follow(), consent.pseudonym, 1)).toEqual({
    kind: 'allowed',
    epochs: [1],
  });
  expect(checkShred(await follow(), consent.pseudonym, 2)).toMatchObject({ kind: 'refused' });
  expect(await consentOf(other.consent.pseudonym)).toMatchObject({ kind: 'allowed' });
});

test('floors outlive a restart, even before the ledger has been read again', async () => {
  const { consent, device } = await trial.join();
  await trial.accept(await sign(ending('withdrawal', consent.pseudonym), device));
  await follow();
  trial.payloads.clear();
  const again = await Statements.open(folder, trial.charter, trial.statements, carried);
  await expect(follow(again)).rejects.toMatchObject({ code: 'ledger.unverified' });
  const { readFloors } = await import('./epoch-floors.ts');
  expect((await readFloors(folder)).consent.get(consent.pseudonym)).toBe(1);
});

test('a withheld payload means that nothing opens, for anyone', async () => {
  const { consent } = await trial.join();
  const other = await trial.join();
  trial.payloads.delete(first + 1);
  await expect(consentOf(consent.pseudonym)).rejects.toMatchObject({
    code: 'ledger.unverified',
    message: expect.stringContaining('leaf 3 is withheld'),
  });
  expect(other.consent.consentEpoch).toBe(1);
});

test('another payload, another salt or an unknown form is as bad as none', async () => {
  const { consent } = await trial.join();
  const held = trial.payloads.get(first);
  if (held === undefined) throw new Error('no payload');
  const changed = structuredClone(held.statement) as Signed<{ at: string }>;
  const bad = [
    { ...held, statement: { ...changed, payload: { ...changed.payload, at: instantOf(0) } } },
    { ...held, salt: toBase64url(new Uint8Array(32)) },
    { ...held, salt: '' },
  ];
  for (const payload of bad) {
    trial.payloads.set(first, payload);
    await expect(consentOf(consent.pseudonym)).rejects.toMatchObject({ code: 'ledger.unverified' });
  }
  trial.payloads.set(first, held);
  expect(await consentOf(consent.pseudonym)).toMatchObject({ kind: 'allowed' });
  await trial.accept({ ...changed, payload: { kind: 'wish' } } as never);
  await expect(consentOf(consent.pseudonym)).rejects.toThrow('unknown form');
});

test('a following that was stopped by a withheld payload goes on where it stopped', async () => {
  const { consent } = await trial.join();
  const held = trial.payloads.get(first);
  trial.payloads.delete(first);
  const statements = await Statements.open(folder, trial.charter, trial.statements, carried);
  await expect(follow(statements)).rejects.toThrow('withheld');
  if (held !== undefined) trial.payloads.set(first, held);
  expect((await follow(statements)).participants.has(consent.pseudonym)).toBe(true);
});

test('a wider manifest needs deciders of two roles, together or one after the other', async () => {
  const { steward, officer, researcher } = trial.persons;
  await trial.setManifest(file('narrow'), 1, [steward, researcher]);
  expect(activeManifest(await follow())).toBeUndefined();
  await trial.setManifest(file('narrow'), 1, [officer]);
  expect(activeManifest(await follow())?.number).toBe(1);
  await trial.setManifest(file('wide'), 2, [officer]);
  expect(activeManifest(await follow())?.number).toBe(1);
  await trial.setManifest(file('wide'), 2, [steward]);
  expect(activeManifest(await follow())?.number).toBe(2);
  await trial.setManifest(file('narrow'), 3, [steward]);
  expect(activeManifest(await follow())?.number).toBe(3);
  await trial.setManifest(file('narrow'), 4, [researcher]);
  expect(activeManifest(await follow())?.number).toBe(3);
});

test('what a participant accepted covers narrower manifests and no wider one', async () => {
  const wide = await trial.setManifest(file('wide'), 1);
  const narrow = await trial.setManifest(file('narrow'), 2);
  const all = await trial.join({ manifest: wide });
  const some = await trial.join({ manifest: narrow });
  const none = await trial.join();
  const state = await follow();
  const names = ({ consent }: typeof all) =>
    Object.keys(allowedManifests(state, consent.pseudonym, 1)).sort();
  expect(names(all)).toEqual([wide, narrow].sort());
  expect(names(some)).toEqual([narrow]);
  expect(names(none)).toEqual([]);
  expect(manifestHash(activeManifest(state) ?? ({} as never))).toBe(narrow);
});

test('a sensitive context in full takes two roles, whatever the charter asks for', async () => {
  trial = await trialProgramme(vaultKey, { quorums: { manifest: 1, grant: 2 } });
  const { steward, officer } = trial.persons;
  const mail = { app: 'thunderbird', mode: 'full' } as const;
  const editor = { app: 'mousepad', mode: 'full' } as const;
  const of = (...contexts: (typeof mail | typeof editor)[]) =>
    ({ version: 1, signals: ['key'], contexts: structuredClone(contexts) }) as ManifestFile;
  const active = async () => {
    const state = activeManifest(await follow());
    return state?.number;
  };
  await trial.setManifest(of(mail), 1, [steward]);
  expect(await active()).toBeUndefined();
  await trial.setManifest(of(editor), 2, [steward]);
  expect(await active()).toBe(2);
  await trial.setManifest(of(editor, mail), 3, [steward]);
  expect(await active()).toBe(2);
  await trial.setManifest(of(editor, mail), 3, [officer]);
  expect(await active()).toBe(3);
  await trial.setManifest(of(mail), 4, [officer]);
  expect(await active()).toBe(3);
});

test('overseers halt one by one; resuming takes two roles, the officer among them', async () => {
  const { consent, device } = await trial.join();
  const { steward, officer, researcher } = trial.persons;
  for (const other of [device, researcher]) {
    await trial.accept(await sign(halting('halt', 2), other));
    expect((await follow()).halted).toBe(false);
  }
  await trial.accept(await sign(halting('halt', 2), steward));
  expect(await consentOf(consent.pseudonym)).toMatchObject({ reason: 'programme-halted' });
  await trial.accept(await sign(halting('resume', 3), steward, researcher));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(halting('resume', 2), steward, officer));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(halting('resume', 3), steward, officer));
  expect(await follow()).toMatchObject({ halted: false, programmeEpoch: 3 });
});

test('a login stops; only a resume that was signed for a later epoch goes on', async () => {
  const { steward, officer } = trial.persons;
  await trial.accept(await sign(halting('halt', 2), steward));
  const earlier = await sign(halting('resume', 3), steward, officer);
  await trial.accept(earlier);
  expect((await follow()).halted).toBe(false);
  await trial.ledger.append([
    encodeEntry({ v: 1, kind: 'programme.stopped-by-login', at: instantOf(nowMs) }),
  ]);
  expect((await follow()).halted).toBe(true);
  await trial.accept(earlier);
  await trial.accept(await sign(halting('resume', 4), steward));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(halting('resume', 4), steward, officer));
  expect(await follow()).toMatchObject({ halted: false, programmeEpoch: 4 });
});

test('a resume that was signed before a halt does not end it, repeated or kept back', async () => {
  const { steward, officer } = trial.persons;
  const goingOn = (epoch: number) => sign(halting('resume', epoch), steward, officer);
  const isHalted = async () => (await follow()).halted;
  await trial.accept(await sign(halting('halt', 2), steward));
  const [used, kept] = [await goingOn(3), await goingOn(9)];
  await trial.accept(used);
  expect(await isHalted()).toBe(false);
  nowMs += 60_000;
  // Whoever halts was told an older epoch than the one that holds.
  await trial.ledger.append([
    encodeEntry({ v: 1, kind: 'segments.accepted', at: instantOf(nowMs), count: 1 }),
  ]);
  await trial.accept(await sign(halting('halt', 3), steward));
  for (const old of [used, kept]) {
    await trial.accept(old);
    expect(await isHalted()).toBe(true);
  }
  await trial.accept(await goingOn(4));
  expect(await isHalted()).toBe(false);
});

test('a halt that is dated ahead does not stop for longer than one of now', async () => {
  const { steward, officer } = trial.persons;
  const at = instantOf(nowMs + 30 * 86_400_000);
  await trial.accept(await sign({ ...halting('halt', 2), at }, steward));
  await trial.accept(await sign(halting('resume', 3), steward, officer));
  expect((await follow()).halted).toBe(false);
});

test('steward and incident commander cannot resume without the officer', async () => {
  const incident = await signerFromSeed(newSigningSeed());
  const commander = { id: newId('pers'), role: 'incident', publicKey: keyOf(incident) } as const;
  const charter = { ...trial.charter, persons: [...trial.charter.persons, commander] };
  trial = { ...trial, charter };
  const { steward, officer } = trial.persons;
  await trial.accept(await sign(halting('halt', 2), incident));
  await trial.accept(await sign(halting('resume', 3), steward, incident));
  expect((await follow()).halted).toBe(true);
  await trial.accept(await sign(halting('resume', 3), officer, incident));
  expect((await follow()).halted).toBe(false);
});

test('deciders pin a charter once, and no file replaces it', async () => {
  const { steward, officer, researcher } = trial.persons;
  await expect(pinCharter(folder, await sign(trial.charter, researcher))).rejects.toMatchObject({
    code: 'signature.invalid',
  });
  await pinCharter(folder, trial.signedCharter);
  await pinCharter(folder, trial.signedCharter);
  const next = { ...trial.charter, number: 2, k: 9 };
  await expect(pinCharter(folder, await sign(next, steward, officer))).rejects.toMatchObject({
    code: 'state.conflict',
  });
  expect(await readCharter(folder)).toEqual(trial.charter);
});

test('a vault makes one identity, and refuses one that is shared or damaged', async () => {
  expect((await createVault(folder)).publicKey).toBe(vaultKey);
  await writeFile(join(folder, 'vault-identity'), 'x');
  await expect(readIdentity(folder)).rejects.toMatchObject({ code: 'storage.broken' });
  await writeFile(join(folder, 'epoch-floors.json'), '{}', { mode: 0o600 });
  await expect(
    Statements.open(folder, trial.charter, trial.statements, carried),
  ).rejects.toMatchObject({
    code: 'storage.broken',
  });
});
