import { randomBytes } from 'node:crypto';
import { toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import {
  commitment,
  encodeEntry,
  follow,
  parseVerifierLine,
  readEntries,
} from '@handrail/core/ledger';
import {
  type ManifestFile,
  type Recipe,
  type Signed,
  type Statement,
  sign,
} from '@handrail/core/statement';
import type { Policies } from '@handrail/policy/bundle';
import { decide } from '@handrail/policy/decide';
import type { Question } from '@handrail/policy/question';
import { type DecisionBatch, type DecisionRow, decisionDaysKept } from '@handrail/policy/record';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { openPolicies } from '../keeper/ledger/policies.ts';
import {
  instantOf,
  newId,
  startMs,
  type TrialProgramme,
  trialProgramme,
} from '../keeper/trial/programme.ts';
import { auditLedger } from './audit.ts';
import type { Given } from './finding.ts';

const dayMs = 86_400_000;
const file: ManifestFile = {
  version: 1,
  signals: ['key'],
  contexts: [{ app: 'mousepad', mode: 'full' }],
};
const recipe: Recipe = {
  purpose: 'train-agents',
  contexts: [{ app: 'mousepad' }],
  actionsMax: 10,
};
let policies: Policies;
let trial: TrialProgramme;
let given: Map<number, Given>;

beforeAll(async () => {
  policies = await openPolicies();
});
beforeEach(async () => {
  trial = await trialProgramme(toBase64url(randomBytes(32)));
  given = new Map();
  await trial.accept(trial.signedCharter);
  await trial.start(policies.version);
});

const common = () =>
  ({ v: 1, programme: trial.charter.programme, at: instantOf(startMs) }) as const;

async function audit(nowMs = startMs, charter = trial.charter) {
  const { reader } = trial.ledger;
  const log = parseVerifierLine(trial.charter.logVerifier);
  const step = await follow(reader, undefined, { log, witnesses: [], quorum: 0 });
  if (step.kind === 'refused') throw new Error(step.reason);
  const entries = readEntries(reader, step.checkpoint);
  const statements = [...trial.payloads].map(([index, { salt, statement }]) => {
    return [index, { salt, payload: statement }] as const;
  });
  const all = new Map<number, Given>([...statements, ...given]);
  return auditLedger({ entries, given: all, charter, policies, nowMs });
}

/** Decisions in the ledger, and how the server gives them. Gives the entry's index. */
async function record(decisions: readonly DecisionRow[], shown = decisions): Promise<number> {
  const salt = new Uint8Array(randomBytes(32));
  const batchOf = (rows: readonly DecisionRow[]): DecisionBatch => {
    return { v: 1, decisions: rows, missed: 0 };
  };
  const committed = commitment(salt, canonicalBytes(batchOf(decisions)));
  const entry = { v: 1, kind: 'decisions.recorded', at: instantOf(startMs) } as const;
  const bytes = encodeEntry({ ...entry, commitment: committed });
  const { firstIndex } = await trial.ledger.append([bytes]);
  given.set(firstIndex, { salt: toBase64url(salt), payload: batchOf(shown) });
  return firstIndex;
}

function decided(question: Question, by = policies): DecisionRow {
  return { question, decision: decide(by, question) };
}

const halting = (role: 'steward' | 'researcher'): Question => {
  const by = { kind: 'person', id: newId('pers'), role } as const;
  return { action: 'programme.halt', by, phase: 'active', programme: trial.charter.programme };
};

/** Makes the statement stand in the ledger, whoever signed it. */
async function forged(statement: Signed<Statement>) {
  const index = await trial.accept(statement);
  return { index, what: statement.payload.kind };
}

test('a ledger in which everybody did what they may has nothing to tell', async () => {
  const { steward, officer } = trial.persons;
  const manifest = await trial.setManifest(file, 1);
  const { consent, device } = await trial.join({ manifest });
  const { payload: grant } = await trial.grant(recipe);
  for (const by of [steward, officer]) await trial.approve(grant, by);
  await trial.accept(await sign({ ...common(), kind: 'halt', programmeEpoch: 2 }, steward));
  const { pseudonym } = consent;
  const leaving = { ...common(), kind: 'withdrawal', pseudonym, consentEpoch: 1 } as const;
  await trial.accept(await sign(leaving, device));
  await record([decided(halting('steward')), decided(halting('researcher'))]);
  expect(await audit()).toEqual({
    statements: 9,
    decisions: { same: 2, byOthers: 0, missed: 0, past: 0 },
    findings: [],
  });
});

test('a statement that nobody may make is told with its index', async () => {
  const { researcher, steward } = trial.persons;
  const other = await trialProgramme(toBase64url(randomBytes(32)));
  const stranger = other.persons.steward;
  const { consent } = await trial.join();
  const { pseudonym } = consent;
  const manifest = { ...common(), kind: 'manifest', number: 1, manifest: file } as const;
  const { payload: grant } = await trial.grant(recipe);
  const told = [
    await forged(await sign({ ...common(), kind: 'halt', programmeEpoch: 2 }, stranger)),
    await forged(await sign({ ...common(), kind: 'resume', programmeEpoch: 3 }, steward)),
    await forged(await sign(manifest, researcher)),
    await forged(await sign({ ...common(), kind: 'approval', grant }, stranger)),
    await forged(
      await sign({ ...common(), kind: 'withdrawal', pseudonym, consentEpoch: 1 }, steward),
    ),
    await forged(await sign({ ...consent, readingKey: toBase64url(randomBytes(32)) }, steward)),
    await forged(
      await sign({ ...common(), kind: 'policy', number: 2, digest: '66'.repeat(32) }, steward),
    ),
  ];
  const { findings } = await audit();
  expect(findings).toEqual(told.map((one) => ({ kind: 'not-signed-by-those-who-may', ...one })));
});

test('a statement that is withheld or is another one is told, and another charter', async () => {
  const { steward } = trial.persons;
  const halt = { ...common(), kind: 'halt', programmeEpoch: 2 } as const;
  const index = await trial.accept(await sign(halt, steward));
  const honest = trial.payloads.get(index);
  const other = await sign({ ...halt, programmeEpoch: 3 }, steward);
  trial.payloads.set(index, { salt: honest?.salt ?? '', statement: other });
  expect((await audit()).findings).toEqual([{ kind: 'not-committed-to', index }]);
  trial.payloads.delete(index);
  expect((await audit()).findings).toEqual([{ kind: 'withheld', index }]);
  if (honest) trial.payloads.set(index, honest);
  const elsewhere = { ...trial.charter, title: 'Another' };
  expect((await audit(startMs, elsewhere)).findings).toEqual([{ kind: 'another-charter', index }]);
});

test('a row that is altered, dropped or added is told', async () => {
  const [first, second] = [decided(halting('steward')), decided(halting('researcher'))];
  const altered: DecisionRow = { ...second, decision: { ...second.decision, kind: 'allow' } };
  const indexes = [
    await record([first, second], [first, altered]),
    await record([first, second], [first]),
    await record([first], [first, second]),
  ];
  expect((await audit()).findings).toEqual(
    indexes.map((index) => ({ kind: 'not-committed-to', index })),
  );
});

test('what the policies decide otherwise is told, however it was committed to', async () => {
  const no = decided(halting('researcher'));
  const lie: DecisionRow = { ...no, decision: { ...no.decision, kind: 'allow' } };
  const yes = decided(halting('steward'));
  const more = { ...yes.question, phase: 'no such phase' } as unknown as Question;
  const elsewhere: DecisionRow = {
    ...yes,
    decision: { ...yes.decision, version: '77'.repeat(32) },
  };
  const index = await record([yes, lie, { ...yes, question: more }, elsewhere]);
  const what = 'programme.halt';
  expect(await audit()).toMatchObject({
    decisions: { same: 1, byOthers: 1 },
    findings: [
      { kind: 'decided-otherwise', index, what },
      { kind: 'decided-otherwise', index, what },
      { kind: 'policies-not-in-force', index, what },
    ],
  });
});

test('rows that are kept back are told until their days are over', async () => {
  const index = await record([decided(halting('steward'))]);
  given.clear();
  expect((await audit()).findings).toEqual([{ kind: 'withheld', index }]);
  const later = await audit(startMs + (decisionDaysKept + 1) * dayMs);
  expect([later.findings, later.decisions.past]).toEqual([[], 1]);
});
