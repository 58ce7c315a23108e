import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { type Artifact, blastRadius, type History, type Period } from './blast-radius.ts';
import { loadPolicies, type Policies, type PolicyBundle, readBundle } from './bundle.ts';
import { decide } from './decide.ts';
import type { Asker, Question } from './question.ts';

let bundle: PolicyBundle;
let policies: Policies;

beforeAll(async () => {
  bundle = await readBundle((file) => readFile(file, 'utf8'));
  policies = loadPolicies(bundle);
});

const ann: Asker = { kind: 'participant', pseudonym: 'part_ann', consents: true };
const bob: Asker = { kind: 'participant', pseudonym: 'part_bob', consents: true };
const researcher: Asker = { kind: 'person', id: 'pers_1', role: 'researcher' };
const steward: Asker = { kind: 'person', id: 'pers_2', role: 'steward' };
const stranger: Asker = { kind: 'stranger', id: 'stranger' };
const identities = [ann, bob, researcher, steward, stranger];

const period = (more: Partial<Period> = {}): Period => {
  return { fromMs: 0, toMs: 100, policies, phase: 'active', openStores: [], ...more };
};

function trajectory(id: string, owner: string, more: Partial<Artifact> = {}): Artifact {
  const reading = { action: 'trajectory.open', trajectory: { id, owner } } as const;
  return { id, readings: [reading], fromMs: 0, toMs: 100, store: 'objects', ...more };
}

const artifacts = [
  trajectory('traj_1', 'part_ann'),
  trajectory('traj_2', 'part_ann', { fromMs: 60 }),
  trajectory('traj_3', 'part_carl'),
];

function reachOf(history: Partial<History>, identity: string) {
  const { reaches } = blastRadius({
    ...{ identities, artifacts, periods: [period()], reads: [] },
    ...history,
  });
  return reaches.find((reach) => reach.identity === identity);
}

const none = { byPolicy: 0, byStorage: 0, read: 0, reads: 0, unexplained: 0 };

test('everybody could have read their own, and nobody else anything', () => {
  expect(reachOf({}, 'part_ann')).toEqual({ ...none, identity: 'part_ann', byPolicy: 2 });
  for (const name of ['part_bob', 'pers_1', 'pers_2', 'stranger']) {
    expect(reachOf({}, name)).toEqual({ ...none, identity: name });
  }
});

test('a time in which everything was permitted, or storage lay open, reaches everyone', () => {
  const everyone = '@id("everyone") permit (principal, action, resource);';
  const lax = loadPolicies({ ...bundle, policies: { 'lax.cedar': everyone } });
  const wrong = [period({ toMs: 50, policies: lax }), period({ fromMs: 50 })];
  expect(reachOf({ periods: wrong }, 'stranger')).toMatchObject({ byPolicy: 2, byStorage: 0 });
  const open = [period({ toMs: 50, openStores: ['objects'] }), period({ fromMs: 50 })];
  expect(reachOf({ periods: open }, 'stranger')).toMatchObject({ byPolicy: 0, byStorage: 2 });
  const unknown = [period({ toMs: 50, policies: undefined }), period({ fromMs: 50 })];
  expect(reachOf({ periods: unknown }, 'stranger')).toMatchObject({ byPolicy: 2 });
  const halted = [period({ phase: 'halted' })];
  expect(reachOf({ periods: halted }, 'part_ann')).toMatchObject({ byPolicy: 0 });
});

test('what was read is counted apart, and what nothing explains stands out', () => {
  const reads = [
    { atMs: 10, by: 'part_ann', artifact: 'traj_1' },
    { atMs: 20, by: 'part_ann', artifact: 'traj_1' },
    { atMs: 30, by: 'pers_1', artifact: 'traj_3' },
  ];
  expect(reachOf({ reads }, 'part_ann')).toMatchObject({ read: 1, reads: 2, unexplained: 0 });
  expect(reachOf({ reads }, 'pers_1')).toMatchObject({ read: 1, reads: 1, unexplained: 1 });
});

test('a policy that names one person is replayed for that person', () => {
  const text = '@id("one") permit (principal == Person::"pers_1", action, resource);';
  const named = loadPolicies({ ...bundle, policies: { ...bundle.policies, 'one.cedar': text } });
  const periods = [period({ policies: named })];
  const other: Asker = { kind: 'person', id: 'pers_3', role: 'researcher' };
  const history = { periods, identities: [other, researcher] };
  expect(reachOf(history, 'pers_1')).toMatchObject({ byPolicy: 3 });
  expect(reachOf(history, 'pers_3')).toMatchObject({ byPolicy: 0 });
});

test('what is decided once for many is what would be decided for each', () => {
  const grants = ['approved', 'revoked'].flatMap((state) =>
    ['pers_1', 'pers_9'].map((holder): Artifact => {
      const id = `rel ${state} ${holder}`;
      const facts = { id: 'grant_1', holder, state, tier: 'release', purposeStands: true };
      const grant = { ...facts, recipe: 'r' } as Extract<Question, { grant: unknown }>['grant'];
      const reading = { action: 'release.export', grant, recipe: 'r' } as const;
      return { id, readings: [reading], fromMs: 0, toMs: 100, store: 'objects' };
    }),
  );
  const all = [...artifacts, ...grants];
  const periods = [period({ toMs: 50 }), period({ fromMs: 50, phase: 'halted' })];
  const radius = blastRadius({ identities, artifacts: all, periods, reads: [] });
  for (const [who, by] of identities.entries()) {
    for (const [
      what,
      {
        readings: [reading],
      },
    ] of all.entries()) {
      for (const [when, { phase }] of periods.entries()) {
        const alone = decide(policies, { ...reading, by, phase } as Question).kind === 'allow';
        expect(radius.may(who, what, when), `${who} ${what} ${when}`).toBe(alone);
      }
    }
  }
});
