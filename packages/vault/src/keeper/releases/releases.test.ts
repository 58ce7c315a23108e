import { decodeReleaseManifest, readExportHeader, releaseFileNames } from '@handrail/core/dataset';
import {
  goneName,
  type ReleaseList,
  readReleaseList,
  readTombstone,
  sign,
  type Tombstone,
} from '@handrail/core/statement';
import { Decrypter } from 'age-encryption';
import { beforeEach, describe, expect, test } from 'vitest';
import { openReleaseManifest } from '../keys/unwrap.ts';
import { entriesIn, kindsIn } from '../trial/keeper.ts';
import { TrialLife, trialRecipe } from '../trial/life.ts';
import { instantOf, newId, type TrialParticipant } from '../trial/programme.ts';

let life: TrialLife;
let people: TrialParticipant[];
let trajectories: string[];
let grant: string;
let identity: string;
let release: string;

beforeEach(async () => {
  life = await TrialLife.begin();
  people = [await life.joined(), await life.joined(), await life.joined()];
  trajectories = [];
  for (const person of people) trajectories.push(await life.recorded(person));
  ({ id: grant, identity } = await life.granted());
  release = await life.built(grant, trajectories);
  return () => life[Symbol.asyncDispose]();
});

const review = () => life.run({ kind: 'review-releases' });

async function newestList(): Promise<ReleaseList> {
  const numbers = [...life.server.objects.keys()]
    .filter((key) => key.startsWith('lists/'))
    .map((key) => Number(key.slice('lists/'.length)));
  const bytes = life.server.objects.get(`lists/${Math.max(...numbers)}`);
  const list = bytes && (await readReleaseList(bytes, life.keeper.identity.publicKey));
  if (list === undefined) throw new Error('no list');
  return list;
}

async function standingOf(id: string) {
  return (await newestList()).releases.find((one) => one.release === id);
}

async function tombstoneOf(id: string): Promise<Tombstone> {
  const digest = (await standingOf(id))?.tombstone;
  const bytes = life.server.objects.get(`tombstones/${digest}`) ?? new Uint8Array();
  const tombstone = await readTombstone(bytes, life.keeper.identity.publicKey);
  if (tombstone === undefined) throw new Error('no tombstone');
  return tombstone;
}

async function manifestOf(id: string) {
  const record = await life.keeper.keyring.release(id);
  const sealed = life.server.objects.get(`releases/${id}/${releaseFileNames.manifest}`);
  if (record === undefined || sealed === undefined) throw new Error('no manifest');
  return decodeReleaseManifest((await openReleaseManifest(record.privateKey, id, sealed)).bytes);
}

async function leaves(index: number): Promise<void> {
  const person = people[index];
  if (person) await life.withdrawn(person);
}

describe('after a withdrawal', () => {
  test('a release is superseded by one without those rows, which names it', async () => {
    expect(await standingOf(release)).toMatchObject({ state: 'good' });
    await leaves(0);
    expect(await review()).toEqual({ outcome: 'done' });
    const standing = await standingOf(release);
    expect(standing).toMatchObject({ state: 'superseded', reason: 'withdrawal' });
    const next = standing?.supersededBy ?? '';
    expect(await standingOf(next)).toMatchObject({ state: 'good' });
    const manifest = await manifestOf(next);
    expect(manifest).toMatchObject({ supersedes: release, recipe: trialRecipe });
    const left = manifest.inputs.map(({ trajectory }) => trajectory);
    expect(left).toEqual(trajectories.slice(1).sort());
    expect(life.server.releases.at(-1)).toMatchObject({ id: next, grant, supersedes: release });
    expect(life.server.supersessions.get(release)).toEqual({
      reason: 'withdrawal',
      supersededBy: next,
    });
    expect(await kindsIn(life.trial)).toEqual(
      expect.arrayContaining(['release.superseded', 'release-list.published']),
    );
  });

  test('the tombstone names the trajectories that went to who has their ids alone', async () => {
    await leaves(0);
    await review();
    const { salt, gone } = await tombstoneOf(release);
    expect(gone).toContain(goneName(salt, trajectories[0] ?? ''));
    expect(gone).not.toContain(goneName(salt, trajectories[1] ?? ''));
    expect(gone).toHaveLength(16);
    const text = JSON.stringify([await tombstoneOf(release), await newestList()]);
    for (const id of [...trajectories, ...people.map(({ consent }) => consent.pseudonym)]) {
      expect(text).not.toContain(id);
    }
  });

  test('the superseded one is neither exported nor rebuilt, and its key is gone', async () => {
    const files = [...life.server.objects].filter(([key]) =>
      key.startsWith(`releases/${release}/`),
    );
    await leaves(0);
    const exporting = { kind: 'export', release, grant, format: 'agentnet' } as const;
    expect(await life.run(exporting)).toMatchObject({ reason: 'consent-withdrawn' });
    await review();
    expect(files.length).toBeGreaterThan(0);
    expect(await life.keeper.keyring.release(release)).toBeUndefined();
    expect(await life.run(exporting)).toMatchObject({ reason: 'release-superseded' });
    const rebuilding = { kind: 'rebuild', release, grant, workers: 1 } as const;
    expect(await life.run(rebuilding)).toMatchObject({ reason: 'release-superseded' });
    const next = (await standingOf(release))?.supersededBy ?? '';
    expect(await life.run({ ...exporting, release: next })).toMatchObject({ outcome: 'done' });
    expect(await life.run({ ...rebuilding, release: next })).toMatchObject({
      facts: { same: true },
    });
  });

  test('with fewer people than k nothing takes its place', async () => {
    await leaves(0);
    await leaves(1);
    await review();
    expect(await standingOf(release)).toMatchObject({
      state: 'superseded',
      notReissued: 'too-few-participants',
    });
    expect(life.server.releases).toHaveLength(1);
  });

  test('where the grant has ended its holder is told to ask again', async () => {
    await leaves(0);
    life.nowMs += 9 * 3_600_000;
    await life.joined();
    await review();
    expect(life.server.supersessions.get(release)).toEqual({
      reason: 'withdrawal',
      notReissued: 'ask-again',
    });
    expect(life.server.releases).toHaveLength(1);
  });

  test('one withdrawal after the other makes a chain, to the last that may be built', async () => {
    await leaves(0);
    await review();
    const next = (await standingOf(release))?.supersededBy ?? '';
    await leaves(1);
    await review();
    expect(await standingOf(next)).toMatchObject({
      state: 'superseded',
      notReissued: 'too-few-participants',
    });
    expect(await review()).toEqual({ outcome: 'done' });
  });

  test('a halt holds nothing up but the opening: the list says it at once', async () => {
    const { programme } = life.trial.charter;
    const at = instantOf(life.nowMs);
    const halt = { v: 1, kind: 'halt', programme, programmeEpoch: 2, at } as const;
    await life.trial.accept(await sign(halt, life.trial.persons.steward));
    await leaves(0);
    expect(await review()).toEqual({ outcome: 'retry', reason: 'programme-halted' });
    expect(await standingOf(release)).toMatchObject({ state: 'superseded' });
    expect((await standingOf(release))?.tombstone).toBeUndefined();
    const { steward, officer } = life.trial.persons;
    const resume = { ...halt, kind: 'resume', programmeEpoch: 3 } as const;
    await life.trial.accept(await sign(resume, steward, officer));
    expect(await review()).toEqual({ outcome: 'done' });
    expect((await standingOf(release))?.tombstone).toBeDefined();
  });

  test('it is done once, at whatever point it was cut off before', async () => {
    await leaves(0);
    const { ledger, server } = life.keeper;
    let calls = 0;
    let failAt = 0;
    const cut = <A extends unknown[], R>(work: (...given: A) => Promise<R>) => {
      return async (...given: A) => {
        calls += 1;
        if (calls === failAt) throw new Error('cut off');
        return work(...given);
      };
    };
    for (failAt = 1; ; failAt += 1) {
      calls = 0;
      life.keeper = {
        ...life.keeper,
        ledger: { ...ledger, record: cut(ledger.record), announce: cut(ledger.announce) },
        server: {
          ...server,
          putObject: cut(server.putObject),
          released: cut(server.released),
          superseded: cut(server.superseded),
        },
      };
      const outcome = await review();
      if (outcome.outcome === 'done') break;
      await life.restart();
    }
    expect(failAt).toBeGreaterThan(8);
    const { releases } = await newestList();
    expect(releases.filter(({ state }) => state === 'good')).toHaveLength(1);
    expect(releases).toHaveLength(2);
    expect(new Set(life.server.releases.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the signed list', () => {
  test('an older or another list in its place is not taken for the newest', async () => {
    const { number } = await newestList();
    const first = life.server.objects.get(`lists/${number}`) ?? new Uint8Array();
    await life.built(grant, trajectories);
    const second = (await newestList()).number;
    expect(second).toBe(number + 1);
    life.server.objects.set(`lists/${second}`, first);
    await life.restart();
    expect(await review()).toMatchObject({ outcome: 'retry', reason: 'storage.broken' });
    const building = { release: newId('rel'), grant, recipe: trialRecipe };
    expect(await life.run({ kind: 'build', ...building, candidates: trajectories })).toMatchObject({
      reason: 'storage.broken',
    });
  });

  test('an export says in the open which release it is and which list was the newest', async () => {
    const job = newId('job');
    await life.run({ kind: 'export', release, grant, format: 'agentnet' }, job);
    const file = life.server.objects.get(`results/${job}`) ?? new Uint8Array();
    const { number } = await newestList();
    expect(readExportHeader(file)).toMatchObject({ release, list: { number } });
    const reader = new Decrypter();
    reader.addIdentity(identity);
    expect(await reader.decrypt(file, 'text')).toContain('write a line');
    const text = Buffer.from(file).toString('latin1');
    const other = text.replace('-> handrail-release\ney', '-> handrail-release\nez');
    expect(other).not.toBe(text);
    const changed = new Uint8Array(Buffer.from(other, 'latin1'));
    await expect(reader.decrypt(changed, 'text')).rejects.toThrow();
  });
});

describe('what one person changes', () => {
  test('two releases that differ by one participant have the same number of them', async () => {
    await leaves(0);
    await review();
    const [before, after] = life.server.releases;
    expect([before?.participants, after?.participants]).toEqual([2, 2]);
    const { counts, k } = await manifestOf(after?.id ?? '');
    expect([counts.participants, k]).toEqual([2, 2]);
  });

  test('nothing in the public ledger counts rows or trajectories of a release', async () => {
    await leaves(0);
    await review();
    const told = (await entriesIn(life.trial)).filter(({ kind }) => /release|traj/.test(kind));
    expect(told.length).toBeGreaterThan(6);
    expect(told.filter(({ count }) => count !== undefined)).toEqual([]);
  });
});
