import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalDigest } from '../canonical-json/index.ts';
import { whyUnsound, widerTerms } from './amendment.ts';
import { type Charter, purposes, type Role } from './charter.ts';
import {
  certifiedKeys,
  charterInForce,
  judge,
  newStanding,
  type ProgrammeDecision,
  type ProgrammeStanding,
} from './standing.ts';

const at = '2026-11-01T00:00:00Z';
const startMs = Date.parse(at);
const dayMs = 86_400_000;
const keyOf = (name: string) => name.padEnd(43, 'x');
const person = (role: Role, key: string = role) =>
  ({ id: `pers_${role}`, role, publicKey: keyOf(key) }) as const;

const charter: Charter = {
  v: 1,
  kind: 'charter',
  programme: 'prog_1',
  number: 1,
  title: 'A trial',
  sample: true,
  purposes: ['train-agents'],
  persons: [person('steward'), person('officer'), person('researcher'), person('auditor')],
  quorums: { manifest: 2, grant: 2 },
  logVerifier: 'log',
  witnesses: ['one'],
  witnessQuorum: 1,
  retentionDays: { raw: 30, trajectory: 365 },
  k: 3,
  consentFreshDaysMax: 30,
  grantHoursMax: 8,
  noticeDigest: '11'.repeat(32),
  dpiaDigest: '22'.repeat(32),
  startedAt: at,
};
const common = { v: 1, programme: 'prog_1', at } as const;
const policy = (number: number, digest = 'a') =>
  ({ ...common, kind: 'policy', number, digest }) as const;
const life = (kind: 'start' | 'close', of = charter) =>
  ({ ...common, kind, charter: canonicalDigest(of) }) as const;
const both = ['steward', 'officer'];

function told(
  standing: ProgrammeStanding,
  decision: ProgrammeDecision,
  names: readonly string[] = both,
  atMs = startMs,
) {
  return judge(standing, decision, new Set(names.map(keyOf)), atMs);
}

function after(...decisions: readonly ProgrammeDecision[]): ProgrammeStanding {
  return decisions.reduce((standing, decision) => {
    const judged = told(standing, decision);
    if (judged.kind === 'refused') throw new Error(judged.reason);
    return judged.standing;
  }, newStanding(charter));
}

test('a draft starts with policies and both roles, and closes once for all', () => {
  const draft = newStanding(charter);
  expect(told(draft, life('start'))).toMatchObject({ reason: 'no-policy' });
  const ready = after(policy(1));
  expect(told(ready, life('start'), ['officer'])).toMatchObject({ reason: 'signatures-missing' });
  expect(told(ready, life('start'), ['steward', 'researcher'])).toMatchObject({
    reason: 'signatures-missing',
  });
  const active = after(policy(1), life('start'));
  expect(active.phase).toBe('active');
  expect(told(active, life('start'))).toMatchObject({ reason: 'not-a-draft' });
  const closed = after(policy(1), life('start'), life('close'));
  expect(told(closed, life('start'))).toMatchObject({ reason: 'closed' });
  expect(told(closed, { ...charter, number: 2 })).toMatchObject({ reason: 'closed' });
  expect(told(closed, policy(2, 'b'))).toMatchObject({ kind: 'holds' });
});

test('nothing starts under a charter by which nobody could decide', () => {
  const unsound: readonly Partial<Charter>[] = [
    { persons: [person('officer'), person('researcher')] },
    { persons: [person('steward'), person('officer'), person('auditor', 'officer')] },
    { persons: [person('steward'), person('officer'), { ...person('officer', 'b') }] },
    { quorums: { manifest: 3, grant: 2 } },
    { witnessQuorum: 2 },
    { witnesses: ['one', 'one'] },
    { sample: false, witnesses: [], witnessQuorum: 0 },
  ];
  expect(whyUnsound(charter)).toBeUndefined();
  for (const change of unsound) {
    const bad = { ...charter, ...change };
    expect(whyUnsound(bad), JSON.stringify(change)).toBeDefined();
    const standing = { ...newStanding(bad), policy: { number: 1, digest: 'a' } };
    expect(told(standing, life('start', bad))).toMatchObject({ reason: 'unsound-charter' });
    expect(told(after(policy(1)), { ...bad, number: 2 })).toMatchObject({ kind: 'refused' });
  }
});

test('policies go on by one; an old number or a skipped one changes nothing', () => {
  const standing = after(policy(1), policy(2, 'b'));
  for (const number of [1, 2, 4]) {
    expect(told(standing, policy(number, 'a'))).toMatchObject({ reason: 'another-number' });
  }
  expect(told(standing, policy(3, 'c'), ['steward'])).toMatchObject({
    reason: 'signatures-missing',
  });
});

test('whatever changes a charter, only the old quorum makes it hold', () => {
  const names = ['steward', 'officer', 'researcher', 'auditor', 'new'];
  fc.assert(
    fc.property(
      fc.subarray(names),
      fc.integer({ min: 1, max: 4 }),
      fc.subarray([...purposes], { minLength: 1 }),
      fc.constantFrom('steward', 'new'),
      (signing, number, wanted, steward) => {
        const persons = [person('steward', steward), ...charter.persons.slice(1)];
        const next = { ...charter, number, purposes: wanted, persons };
        const judged = told(after(policy(1)), next, signing);
        const holds = number === 2 && signing.includes('steward') && signing.includes('officer');
        expect(judged.kind).toBe(holds ? 'holds' : 'refused');
        if (judged.kind === 'holds') expect(charterInForce(judged.standing)).toEqual(next);
      },
    ),
  );
});

test('what a charter may not change by amendment', () => {
  const next = { ...charter, number: 2 };
  const standing = newStanding(charter);
  expect(told(standing, { ...next, logVerifier: 'other' })).toMatchObject({
    reason: 'log-key-changed',
  });
  expect(told(standing, { ...next, sample: false })).toMatchObject({ reason: 'unsound-charter' });
  expect(told(standing, { ...next, programme: 'prog_2' })).toMatchObject({
    reason: 'another-programme',
  });
});

test('a role lapses, and goes on by the word of another role only', () => {
  const standing = after(policy(1));
  const late = startMs + 181 * dayMs;
  const keys = new Set(both.map(keyOf));
  expect(certifiedKeys(standing, keys, startMs + 179 * dayMs).size).toBe(2);
  expect(certifiedKeys(standing, keys, late).size).toBe(0);
  expect(told(standing, policy(2, 'b'), both, late)).toMatchObject({
    reason: 'signatures-missing',
  });
  const soon = startMs + 170 * dayMs;
  const renewal = (persons: string[], ms: number) =>
    ({
      ...common,
      kind: 'recertification',
      persons,
      at: `${new Date(ms).toISOString().slice(0, 19)}Z`,
    }) as const;
  const officer = renewal(['pers_officer'], soon);
  for (const signing of [['officer'], ['researcher'], ['stranger']]) {
    expect(told(standing, officer, signing, soon)).toMatchObject({ reason: 'signatures-missing' });
  }
  expect(told(standing, renewal(['pers_nobody'], soon), ['steward'], soon)).toMatchObject({
    reason: 'not-in-the-charter',
  });
  const judged = told(standing, officer, ['auditor'], soon);
  if (judged.kind === 'refused') throw new Error(judged.reason);
  const alone = certifiedKeys(judged.standing, keys, late);
  expect([...alone]).toEqual([keyOf('officer')]);
  const again = told(judged.standing, officer, ['auditor'], startMs + 175 * dayMs);
  expect(again.kind === 'holds' && again.standing.certified.get('pers_officer')).toBe(soon);
});

test('where everybody has lapsed, the quorum together says whose roles go on, and no more', () => {
  const standing = after(policy(1));
  const late = startMs + 400 * dayMs;
  const renewal: ProgrammeDecision = {
    ...common,
    kind: 'recertification',
    persons: ['pers_steward', 'pers_officer'],
    at: '2027-12-06T00:00:00Z',
  };
  expect(told(standing, renewal, ['steward'], late)).toMatchObject({
    reason: 'signatures-missing',
  });
  expect(told(standing, life('start'), both, late)).toMatchObject({
    reason: 'signatures-missing',
  });
  const judged = told(standing, renewal, both, late);
  if (judged.kind === 'refused') throw new Error(judged.reason);
  expect(told(judged.standing, life('start'), both, late)).toMatchObject({ kind: 'holds' });
});

test('terms are wider where more is done, kept or told, and not where less is', () => {
  const wider: readonly [Partial<Charter>, string][] = [
    [{ purposes: ['train-agents', 'evaluate-agents'] }, 'purposes'],
    [{ retentionDays: { raw: 31, trajectory: 365 } }, 'retention'],
    [{ noticeDigest: '33'.repeat(32) }, 'notice'],
    [{ k: 2 }, 'k'],
    [{ consentFreshDaysMax: 31 }, 'freshness'],
  ];
  for (const [change, term] of wider) {
    expect(widerTerms(charter, { ...charter, ...change })).toEqual([term]);
    if (term !== 'notice') expect(widerTerms({ ...charter, ...change }, charter)).toEqual([]);
  }
});
