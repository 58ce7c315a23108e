// A server whose every check says yes runs against an honest vault and honest devices: it can
// refuse, never obtain.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { toBase64url } from '@handrail/core/bytes';
import { DayKeys } from '@handrail/core/device';
import { idOf } from '@handrail/core/ids';
import {
  newSealKeyPair,
  newSigningSeed,
  randomBytes,
  type Signer,
  signerFromSeed,
} from '@handrail/core/seal';
import {
  type Consent,
  type Grant,
  type ReadingSubject,
  type Signed,
  sign,
} from '@handrail/core/statement';
import {
  call,
  deviceRoutes,
  type Job,
  personRoutes,
  publicRoutes,
  vaultRoutes,
} from '@handrail/core/wire';
import { changedBuild } from '@handrail/testbed/changed-build';
import {
  agreeManifest,
  joinAndImport,
  type Organisation,
  startChangedOrganisation,
  typedLog,
} from '@handrail/testbed/organisation';
import { loadPerson, personSigner } from 'handrail/home/person';
import { readChunks } from 'handrail/home/reading';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceClient } from './asking.ts';
import { Liar, lies } from './lies.ts';

const words = 'harvest the walnut ledger';
const stack = new AsyncDisposableStack();
let organisation: Organisation;
let liar: Liar;
let ann: string;
let bob: string;
let trajectory: string;
/** A grant whose holder alone has approved it. */
let grant: string;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handrail-lying-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  liar = new Liar(folder);
  const launcher = await changedBuild(join(folder, 'build'), lies(folder));
  organisation = stack.use(await startChangedOrganisation(launcher));
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  ann = await joinAndImport(organisation, 'ann', words);
  bob = await joinAndImport(organisation, 'bob', 'nothing of note');
  await organisation.handrail(ann, 'wait', '--timeout', '60s');
  const { trajectories } = await organisation.handrail(ann, 'mine', 'list');
  trajectory = (trajectories as { readonly id: string }[])[0]?.id ?? '';
});
afterAll(() => stack.disposeAsync());

test('the owner of a recording still reads it', async () => {
  const shown = await organisation.handrail(ann, 'mine', 'show', trajectory);
  expect(JSON.stringify(shown.actions)).toContain(words);
});

test('who approves their own request gets no release', async () => {
  const { researcherHome } = organisation;
  const recipe = organisation.path('recipe.json');
  const contexts = [{ app: 'import:ducktrack' }];
  await writeFile(recipe, JSON.stringify({ purpose: 'train-agents', contexts, actionsMax: 100 }));
  const asked = ['--scope', recipe, '--purpose', 'train-agents', '--tier', 'release'];
  const request = [...asked, '--hours', '1', '--reason', 'mine'];
  const made = await organisation.handrail(researcherHome, 'grant', 'request', ...request);
  const id = String(made.id);
  grant = id;
  const person = await loadPerson(researcherHome);
  const signer = await personSigner(person);
  const client = clientOf(organisation.url, signer);
  const shown = await call(client, personRoutes.grant, { params: { id } });
  const approval = await sign(approvalOf(shown.grant), signer);
  await call(client, personRoutes.approveGrant, { params: { id }, body: { approval } });
  const build = ['release', 'build', recipe, '--grant', id, '--wait', '--home', researcherHome];
  const ran = await organisation.run(...build, '--json');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('grant-not-approved');
  const objects = [...(await organisation.everyFile()).keys()];
  expect(objects.filter((path) => path.includes('/releases/'))).toEqual([]);
});

test('nobody else reads it, in their own name or in that of its owner', async () => {
  const client = await deviceClient(organisation.url, bob);
  const [own, other] = [await new Home(bob).device(), await new Home(ann).device()];
  const signer = await deviceSigner(own);
  for (const [participant, reason] of [
    [own.pseudonym, 'another-participant'],
    [other.pseudonym, 'session-not-signed'],
  ] as const) {
    const reader = { client, signer, programme: own.programme, by: { participant } };
    const read = readChunks(reader, { trajectory }).next();
    await expect(read).rejects.toMatchObject({ code: 'access.denied', message: reason });
  }
  const shown = await organisation.run('mine', 'show', trajectory, '--home', bob, '--json');
  expect(shown.code).not.toBe(0);
  expect(shown.stdout + shown.stderr).not.toContain(words);
});

test('who passes for the vault gets ciphertext', async () => {
  const stranger = clientOf(organisation.url, await signerFromSeed(newSigningSeed()));
  const params = { '*': `trajectories/${trajectory}` };
  const bytes = await call(stranger, vaultRoutes.getObject, { params });
  expect(bytes.length).toBeGreaterThan(words.length);
  expect(Buffer.from(bytes).includes(words)).toBe(false);
});

test('a device takes no day key that the server made', async () => {
  await liar.tell('own-keys');
  const client = await deviceClient(organisation.url, ann);
  const { keys } = await call(client, deviceRoutes.dayKeys, {});
  expect(keys).toHaveLength(1);
  const dayKeys = new DayKeys(await new Home(ann).device());
  await dayKeys.refresh(client);
  expect(dayKeys.isEmpty).toBe(true);
  await liar.stop('own-keys');
  await dayKeys.refresh(client);
  expect(dayKeys.isEmpty).toBe(false);
});

const signerOf = async (home: string) => deviceSigner(await new Home(home).device());

/** A session of this key, signed for the nonce that holds now. */
async function sessionOf(signer: Signer, subject: ReadingSubject, participant: string) {
  const { programme } = await new Home(ann).device();
  const { nonce } = await call(clientOf(organisation.url, signer), publicRoutes.readingNonce, {});
  const payload = {
    ...({ v: 1, kind: 'reading-session', programme, ...subject, nonce } as const),
    sessionKey: toBase64url((await newSealKeyPair()).publicKey),
    by: { participant },
    until: instant(1_800_000),
  };
  return sign(payload, signer);
}

test('the vault does nothing that it is asked without a right, and nothing twice', async () => {
  const { pseudonym } = await new Home(ann).device();
  const other = (await new Home(bob).device()).pseudonym;
  const owner = { pseudonym, consentEpoch: 1 };
  const used = (await liar.leased()).find((job) => job.kind === 'view');
  const segments = (await liar.leased()).find((job) => 'segments' in job);
  if (used?.kind !== 'view' || segments?.kind !== 'refine') throw new Error('Nothing was read.');
  const [segment = ''] = segments.segments;
  const asBob = await sessionOf(await signerOf(bob), { trajectory }, pseudonym);
  const anns = await sessionOf(await signerOf(ann), { trajectory }, pseudonym);
  const ofSegment = await sessionOf(await signerOf(ann), { segment }, pseudonym);
  const moved = { ...anns, payload: { ...anns.payload, sessionKey: asBob.payload.sessionKey } };
  const release = idOf('rel', randomBytes(32));
  const contexts = [{ app: 'import:ducktrack' }];
  const recipe = { purpose: 'train-agents', contexts, actionsMax: 100 } as const;
  const candidates = [trajectory];
  const wishes: readonly [Job, string][] = [
    [used, 'session-nonce-unknown'],
    [{ ...used, session: asBob }, 'session-not-signed'],
    [{ ...used, session: moved }, 'session-not-signed'],
    [{ ...used, pseudonym: other }, 'another-participant'],
    [{ ...used, session: ofSegment }, 'not-in-quarantine'],
    [{ kind: 'issue-keys', ...owner, pseudonym: idOf('part', randomBytes(32)) }, 'consent-unknown'],
    [{ kind: 'shred', ...owner }, 'no-withdrawal-in-the-ledger'],
    [{ kind: 'build', release, grant, recipe, candidates }, 'grant-not-approved'],
    [{ kind: 'export', release, grant, format: 'parquet' }, 'release-unknown'],
  ];
  const said = await Promise.all(wishes.map(([job]) => liar.wish(job)));
  const reasons = wishes.map(([{ kind }, reason]) => [kind, { reason }]);
  expect(wishes.map(([{ kind }], at) => [kind, said[at]])).toMatchObject(reasons);
});

test('a vault whose clock is five minutes off opens nothing until it is right', async () => {
  const file = organisation.path('later.jsonl');
  await writeFile(file, typedLog('of another day'));
  const unopened = async () => {
    const reasons = await liar.reasons('refine');
    return reasons.filter((reason) => reason === 'ledger.unverified').length;
  };
  await liar.shiftClock(300_000);
  await organisation.handrail(bob, 'import', file, '--format', 'ducktrack');
  for (const byMs of [300_000, -300_000]) {
    await liar.shiftClock(byMs);
    const before = await unopened();
    await expect.poll(unopened, { timeout: 30_000 }).toBeGreaterThan(before);
    const { trajectories } = await organisation.handrail(bob, 'mine', 'list');
    expect(trajectories).toHaveLength(1);
  }
  await liar.shiftClock(0);
  await organisation.handrail(bob, 'wait', '--timeout', '60s');
  const { trajectories } = await organisation.handrail(bob, 'mine', 'list');
  expect(trajectories).toHaveLength(2);
});

test('a device that another enrols for somebody reads nothing of theirs', async () => {
  const { payload } = (await new Home(ann).device()).consent;
  const { pseudonym, consentEpoch } = payload;
  const client = await deviceClient(organisation.url, bob);
  const thief = await signerFromSeed(newSigningSeed());
  const key = toBase64url(thief.publicKey);
  const device = idOf('dev', thief.publicKey);
  const reading = toBase64url((await newSealKeyPair()).publicKey);
  const forged = { ...payload, device, deviceKey: key, readingKey: reading, at: instant() };
  const state = async (statement: Signed<Consent>) =>
    call(client, deviceRoutes.state, { body: { statement } });
  await liar.tell('forged-statements');
  await state(await sign(forged, thief));
  const session = await sessionOf(thief, { trajectory }, pseudonym);
  const read = await liar.wish({ kind: 'view', pseudonym, consentEpoch, session });
  expect(read).toMatchObject({ outcome: 'failed', reason: 'session-not-signed' });
  await state(await sign({ ...payload, at: instant(1_000) }, await signerOf(ann)));
  await liar.stop('forged-statements');
  const shown = await organisation.handrail(ann, 'mine', 'show', trajectory);
  expect(JSON.stringify(shown.actions)).toContain(words);
});

test('while a withdrawal is withheld nothing is opened, and who left is told', async () => {
  await liar.tell('withheld-withdrawals');
  await organisation.handrail(ann, 'withdraw');
  const { trajectories } = await organisation.handrail(bob, 'mine', 'list');
  const [bobs] = trajectories as { readonly id: string }[];
  const { pseudonym } = await new Home(bob).device();
  const owner = { pseudonym, consentEpoch: 1 };
  const session = await sessionOf(await signerOf(bob), { trajectory: bobs?.id ?? '' }, pseudonym);
  const unopened = { outcome: 'retry', reason: 'ledger.unverified' };
  expect(await liar.wish({ kind: 'view', ...owner, session })).toMatchObject(unopened);
  expect(JSON.stringify(await organisation.handrail(ann, 'status'))).toContain('not proven');
  await liar.stop('withheld-withdrawals');
  const anns = { ...owner, pseudonym: (await new Home(ann).device()).pseudonym };
  const late = await sessionOf(await signerOf(ann), { trajectory }, anns.pseudonym);
  const refused = await liar.wish({ kind: 'view', ...anns, session: late });
  // Its keys may be destroyed, and it itself deleted, before anybody can be told why not.
  const reason = expect.stringMatching(/^(consent-withdrawn|not\.found)$/);
  expect(refused).toMatchObject({ outcome: 'failed', reason });
});

function approvalOf(grant: Grant) {
  const at = instant();
  return { v: 1, kind: 'approval', programme: grant.programme, at, grant } as const;
}

/** Now, or some time after it. */
function instant(laterMs = 0): string {
  return `${new Date(Date.now() + laterMs).toISOString().slice(0, 19)}Z`;
}
