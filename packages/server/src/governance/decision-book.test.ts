import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64url, fromUtf8 } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import {
  commitment,
  decodeEntry,
  encodeEntry,
  readEntries,
  tileHashReader,
  treeRoot,
  verifierKey,
  verifierLine,
} from '@handrail/core/ledger';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { type Recipe, recipeDigest, statementDigest } from '@handrail/core/statement';
import { type AuditedEntry, auditRoutes, personRoutes, vaultRoutes } from '@handrail/core/wire';
import { decide } from '@handrail/policy/decide';
import type { Question } from '@handrail/policy/question';
import {
  type DecisionBatch,
  type DecisionRow,
  decisionDaysKept,
  replay,
} from '@handrail/policy/record';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
import {
  type Actor,
  activateManifest,
  callAs,
  instant,
  joinAs,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { startWitness } from '@handrail/testbed/witness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { parseConfig } from '../config.ts';
import type { ServerContext } from '../context.ts';
import { LedgerFiles } from '../ledger/ledger-files.ts';
import { LedgerLog } from '../ledger/ledger-log.ts';
import { Witness } from '../ledger/witnesses.ts';
import { openContext } from '../open-context.ts';
import { allows, personAsking } from './access.ts';
import {
  batchBehind,
  DecisionBook,
  decisionsWaitingMax,
  forgetDecisions,
} from './decision-book.ts';

const dayMs = 86_400_000;
const recipe: Recipe = { purpose: 'train-agents', contexts: [{ app: 'x' }], actionsMax: 100 };
let folder: string;
let stack: AsyncDisposableStack;
let sample: SampleProgramme;
let context: ServerContext;
let url: string;
let aheadMs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decision-book-'));
  stack = new AsyncDisposableStack();
  sample = await sampleProgramme(folder);
  const nowMs = () => Date.now() + aheadMs;
  context = await openContext(parseConfig(sample.settings), stack, { nowMs });
  const app = await buildApp(context);
  stack.defer(() => app.close());
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await stack.disposeAsync();
  await rm(folder, { recursive: true });
});

async function audited(by: Actor = sample.auditor): Promise<readonly AuditedEntry[]> {
  const { entries } = await callAs(url, by, auditRoutes.entries, { params: { index: '0' } });
  return entries;
}

/** Batches that the auditor is given, each as its entry commits to it. */
async function batches(): Promise<readonly DecisionBatch[]> {
  const { files, size } = context.ledger;
  const root = await treeRoot(tileHashReader(files, size), size);
  const committed = new Map<number, string | undefined>();
  for await (const { index, bytes } of readEntries(files, { size, root }, 0)) {
    const entry = decodeEntry(bytes);
    if (entry.kind === 'decisions.recorded') committed.set(index, entry.commitment);
  }
  const given = (await audited()).filter(({ index }) => committed.has(index));
  expect(given).toHaveLength(committed.size);
  for (const { index, salt, payload } of given) {
    expect(committed.get(index)).toBe(commitment(fromBase64url(salt), canonicalBytes(payload)));
  }
  return given.map(({ payload }) => payload as DecisionBatch);
}

test('what persons ask goes on record, once a batch, and its facts decide it again', async () => {
  const scope = { recipe, recipeDigest: recipeDigest(recipe) };
  const grant = await sampleGrant(sample, { tier: 'release', scope });
  await requestGrant(url, sample, grant);
  const build = () => {
    const body = { grant: grant.id, recipe };
    return callAs(url, sample.researcher, personRoutes.buildRelease, { body });
  };
  await expect(build()).rejects.toMatchObject({ code: 'access.denied' });
  await expect(build()).rejects.toMatchObject({ code: 'access.denied' });
  await approveGrant(url, sample.steward, grant);
  await callAs(url, sample.researcher, personRoutes.grants);
  await context.decisions.commit();
  const [batch] = await batches();
  const said = batch?.decisions.map(({ question, decision }) => [question.action, decision.kind]);
  expect(said?.sort()).toEqual([
    ['grant.approve', 'allow'],
    ['grant.request', 'allow'],
    ['release.build', 'deny'],
  ]);
  for (const row of batch?.decisions ?? []) expect(replay(context.policies, row)).toBe('same');
  const [row] = batch?.decisions.filter(({ decision }) => decision.kind === 'deny') ?? [];
  const lied = { ...row, decision: { ...row?.decision, kind: 'allow' } } as DecisionRow;
  expect(replay(context.policies, lied)).toBe('another-answer');
  expect(await batches(), 'who looks is on record as well').toHaveLength(1);
});

test('what participants do with what is theirs is on no record', async () => {
  await context.decisions.commit();
  const before = (await batches()).length;
  const ann = await joinAs(url, sample, await activateManifest(url, sample));
  const { pseudonym } = ann.consent;
  const by = { kind: 'participant', pseudonym, consents: true } as const;
  const trajectory = { id: 'traj_1', owner: pseudonym };
  expect(allows(context, by, { action: 'trajectory.open', trajectory })).toBe(true);
  await context.decisions.commit();
  const text = JSON.stringify((await batches()).slice(before));
  expect(text).toContain('ledger.audit');
  expect(text).not.toContain(pseudonym);
});

test('the vault commits to no decisions of the server', async () => {
  const entry = { v: 1, kind: 'decisions.recorded', at: instant() } as const;
  const body = { entries: [fromUtf8(encodeEntry(entry))] };
  await expect(callAs(url, sample.vault, vaultRoutes.append, { body })).rejects.toMatchObject({
    code: 'access.denied',
  });
});

test('only auditors are shown what entries commit to', async () => {
  for (const role of ['steward', 'officer', 'researcher', 'incident', 'prober'] as const) {
    await expect(audited(sample[role]), role).rejects.toMatchObject({ code: 'not.found' });
  }
  const [charter] = await audited();
  expect(charter?.index).toBe(0);
  expect(statementDigest(charter?.payload as never)).toBe(statementDigest(sample.charter));
});

test('where no more can go on record nothing opens, and stopping goes on', async () => {
  const { programme } = sample.charter.payload;
  const by = personAsking({ id: sample.incident.id, role: 'incident' } as never);
  const may = (action: 'programme.resume' | 'programme.halt') =>
    allows(context, by, { action, programme });
  expect(may('programme.resume')).toBe(true);
  const version = context.policies.version;
  for (let at = 0; at < decisionsWaitingMax; at++) {
    const question = { action: 'programme.hold', by, phase: 'active', programme: `p${at}` };
    const decision = { kind: 'deny', policies: [], version } as const;
    context.decisions.take({ question: question as Question, decision });
  }
  expect(may('programme.resume'), 'what waits already').toBe(true);
  expect(allows(context, by, { action: 'incident.close', programme })).toBe(false);
  expect(may('programme.halt')).toBe(true);
  await context.decisions.commit();
  expect(allows(context, by, { action: 'incident.close', programme })).toBe(true);
  await context.decisions.commit();
});

test('rows and salts are deleted after some days, and the entries are left', async () => {
  const before = context.ledger.size;
  expect(await forgetDecisions(context)).toBe(0);
  aheadMs = (decisionDaysKept + 1) * dayMs;
  expect(await forgetDecisions(context)).toBeGreaterThan(0);
  aheadMs = 0;
  const days = await readdir(join(sample.settings.dataFolder, 'objects', 'decisions'));
  for (const day of days) {
    expect(await readdir(join(sample.settings.dataFolder, 'objects', 'decisions', day))).toEqual(
      [],
    );
  }
  expect(context.ledger.size).toBe(before);
});

test('an entry that became public only after a restart has its rows', async () => {
  const log = { name: 'handrail.test/book', signer: await signerFromSeed(newSigningSeed()) };
  const key = verifierLine(verifierKey(log.name, log.signer.publicKey, 'ed25519'));
  const startEye = () => {
    const [keyFile, stateFile] = [join(folder, 'witness-key'), join(folder, 'witness-state')];
    return startWitness({ keyFile, stateFile, port: 0, logs: [key] });
  };
  const files = await LedgerFiles.open(join(folder, 'another-ledger'));
  const openLog = (eye: Awaited<ReturnType<typeof startEye>>) => {
    const witnesses = [new Witness({ url: eye.url, verifierLine: eye.verifierLine })];
    return LedgerLog.open({ files, signer: log, witnesses, witnessQuorum: 1 });
  };
  const first = await startEye();
  const before = await openLog(first);
  await first.close();
  const book = new DecisionBook({ ...context, ledger: before });
  const by = personAsking({ id: sample.incident.id, role: 'incident' } as never);
  const question: Question = { action: 'programme.halt', by, phase: 'active', programme: 'p' };
  book.take({ question, decision: decide(context.policies, question) });
  const committing = book.commit();
  await expect.poll(() => files.readPending()).toBeDefined();
  await Promise.all([before[Symbol.asyncDispose](), expect(committing).rejects.toThrow()]);
  const second = await startEye();
  const after = await openLog(second);
  expect(after.size).toBe(1);
  const root = await treeRoot(tileHashReader(files, 1), 1);
  for await (const { bytes } of readEntries(files, { size: 1, root })) {
    const kept = await batchBehind(context, decodeEntry(bytes));
    expect(kept?.batch.decisions).toMatchObject([{ question }]);
  }
  await after[Symbol.asyncDispose]();
  await second.close();
});
