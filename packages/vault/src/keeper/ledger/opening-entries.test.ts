import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEntry, entryTagsMax, type LedgerEntry } from '@handrail/core/ledger';
import {
  isAbout,
  isCommitted,
  openingBoxName,
  readTelling,
  type Telling,
  tagScan,
} from '@handrail/core/opening';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVault, readIdentity, type VaultIdentity } from '../../secrets.ts';
import {
  newId,
  type TrialParticipant,
  type TrialProgramme,
  trialProgramme,
} from '../trial/programme.ts';
import { type Concern, type OpeningParts, openingEntries, tagKeyOf } from './opening-entries.ts';
import { TagNumbers } from './tag-numbers.ts';

let folder: string;
let trial: TrialProgramme;
let identity: VaultIdentity;
let numbers: TagNumbers;
let objects: Map<string, Uint8Array>;
let people: TrialParticipant[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opening-entries-'));
  trial = await trialProgramme((await createVault(folder)).publicKey);
  identity = await readIdentity(folder);
  numbers = await TagNumbers.open(folder);
  objects = new Map();
  people = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function joined(count: number): Promise<Concern[]> {
  people = await Promise.all(Array.from({ length: count }, () => trial.join()));
  return people.map(({ consent: { pseudonym, consentEpoch } }) => ({
    pseudonym,
    consentEpoch,
    ids: [newId('traj')],
  }));
}

function entries(concerns: readonly Concern[]) {
  const parts: OpeningParts = {
    programme: trial.charter.programme,
    identity,
    numbers,
    readingKeyOf: (pseudonym) =>
      people.find(({ consent }) => consent.pseudonym === pseudonym)?.consent.readingKey,
    putObject: async (name, bytes) => objects.set(name, bytes),
  };
  const facts = {
    kind: 'trajectories.opening',
    job: newId('job'),
    purpose: 'train-agents',
    tier: 'release',
    by: { kind: 'person', id: newId('pers'), role: 'researcher' },
  } as const;
  return openingEntries(parts, '2026-11-23T10:00:00Z', facts, concerns, { count: 3 });
}

/** What the device of `person` finds in these entries, and is told of them. */
async function seenBy(person: TrialParticipant, ledger: readonly LedgerEntry[]) {
  const { programme, pseudonym, consentEpoch } = person.consent;
  const scan = tagScan(tagKeyOf(identity, programme, { pseudonym, consentEpoch }));
  const seen: { entry: LedgerEntry; telling: Telling | undefined }[] = [];
  for (const entry of ledger) {
    for (const tag of entry.tags ?? []) {
      if (scan.find(tag) === undefined) continue;
      const name = openingBoxName(tag, entry.commitment ?? '');
      const box = objects.get(`openings/${pseudonym}/${name}`) ?? new Uint8Array();
      const telling = await readTelling(box, tag, person.readingKey.privateKey);
      seen.push({ entry, telling });
    }
  }
  return seen;
}

test('each of seventy participants finds the one entry about them, and what it says', async () => {
  const concerns = await joined(70);
  const made = await entries(concerns);
  const ledger = made.map(({ bytes }) => decodeEntry(bytes));
  expect(ledger.map(({ tags = [] }) => tags.length)).toEqual([entryTagsMax, 16]);
  expect(ledger.map(({ count }) => count)).toEqual([3, undefined]);
  for (const [at, person] of people.entries()) {
    const [seen, ...more] = await seenBy(person, ledger);
    expect([more.length, seen?.telling?.opening.by.kind]).toEqual([0, 'person']);
    expect(seen?.telling?.own.part.ids).toEqual(concerns[at]?.ids);
    expect(seen?.telling && isCommitted(seen.telling, seen.entry)).toBe(true);
    expect(seen?.telling && isAbout(seen.telling, person.consent)).toBe(true);
  }
});

test('nobody is told of another, and no box opens with another key', async () => {
  await entries(await joined(3));
  const [ann, bob] = people;
  if (!ann || !bob) throw new Error('Two have joined.');
  for (const [name, box] of objects) {
    const tag = name.split('/')[2]?.slice(1, 23) ?? '';
    const isAnns = name.includes(ann.consent.pseudonym);
    const telling = await readTelling(box, tag, ann.readingKey.privateKey);
    expect(telling !== undefined).toBe(isAnns);
    if (telling) expect(JSON.stringify(telling)).not.toContain(bob.consent.pseudonym);
    expect(box.length % 1024).toBe(96);
  }
});

test('a telling that was changed, or is of another entry, is not committed to', async () => {
  const concerns = await joined(2);
  const [made] = await entries(concerns);
  const [other] = await entries(concerns);
  if (!made || !other || !people[0]) throw new Error('Two were made.');
  const entry = decodeEntry(made.bytes);
  const [seen] = await seenBy(people[0], [entry]);
  const told = seen?.telling;
  if (!told) throw new Error('They were told.');
  expect(isCommitted(told, entry)).toBe(true);
  expect(isCommitted(told, decodeEntry(other.bytes))).toBe(false);
  const purpose = { ...told, opening: { ...told.opening, purpose: 'evaluate-agents' } };
  expect(isCommitted(purpose, entry)).toBe(false);
  const part = { ...told.own.part, ids: [] };
  expect(isCommitted({ ...told, own: { ...told.own, part } }, entry)).toBe(false);
});

test('who cannot be told is not opened, and neither is nobody', async () => {
  const [concern] = await joined(1);
  if (!concern) throw new Error('One has joined.');
  await expect(entries([{ ...concern, pseudonym: newId('part') }])).rejects.toThrow('told');
  await expect(entries([])).rejects.toThrow('concerns somebody');
});
