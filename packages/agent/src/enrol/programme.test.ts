import { createServer } from 'node:http';
import { toBase64url, toHex, utf8 } from '@handrail/core/bytes';
import { requireApproved, widerThanAgreed } from '@handrail/core/device';
import { idOf } from '@handrail/core/ids';
import { newSigningSeed, randomBytes, type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  type CaptureContext,
  type Charter,
  type Consent,
  type ManifestFile,
  programmeFingerprint,
  type Signed,
  sign,
} from '@handrail/core/statement';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProgramme } from './programme.ts';

const at = '2026-11-23T00:00:00Z';
const notice = 'A notice.\n';
const editor = { app: 'mousepad', mode: 'full' } as const;
const mail = { app: 'thunderbird', mode: 'full' } as const;
const stack = new AsyncDisposableStack();
let steward: Signer;
let officer: Signer;
let vault: Signer;
let url: string;
let answer: unknown;

beforeAll(async () => {
  const signer = () => signerFromSeed(newSigningSeed());
  [steward, officer, vault] = [await signer(), await signer(), await signer()];
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => stack.disposeAsync());

function charterOf(): Charter {
  const person = (role: 'steward' | 'officer', { publicKey }: Signer) => {
    return { id: idOf('pers', publicKey), role, publicKey: toBase64url(publicKey) } as const;
  };
  return {
    v: 1,
    kind: 'charter',
    programme: idOf('prog', randomBytes(32)),
    number: 1,
    title: 'A trial',
    sample: true,
    purposes: ['train-agents'],
    persons: [person('steward', steward), person('officer', officer)],
    quorums: { manifest: 1, grant: 2 },
    logVerifier: 'none',
    witnesses: [],
    witnessQuorum: 0,
    retentionDays: { raw: 30, trajectory: 365 },
    k: 1,
    consentFreshDaysMax: 30,
    grantHoursMax: 8,
    noticeDigest: toHex(sha256(utf8(notice))),
    dpiaDigest: '11'.repeat(32),
    startedAt: at,
  };
}

function fileOf(...contexts: readonly CaptureContext[]): ManifestFile {
  return { version: 1, signals: ['key'], contexts: [...contexts] };
}

/** What a device reads of a server that shows `file` as active. */
async function shown(file: ManifestFile, ...signers: readonly Signer[]) {
  const charter = charterOf();
  const { programme } = charter;
  const payload = { v: 1, kind: 'manifest', programme, number: 1, at, manifest: file } as const;
  const vaultKey = toBase64url(vault.publicKey);
  const fingerprint = programmeFingerprint(vaultKey, charter);
  const signed = await sign(charter, steward, officer);
  answer = {
    charter: signed,
    charters: [signed],
    phase: 'active',
    vaultKey,
    fingerprint,
    notice,
    manifest: await sign(payload, ...signers),
    programmeEpoch: 1,
    halted: false,
    standing: null,
  };
  return readProgramme(url, fingerprint);
}

const refused = { code: 'signature.invalid' };

test('a manifest that keeps mail in full is not shown to anyone on one approval', async () => {
  await expect(shown(fileOf(mail), steward)).rejects.toMatchObject({
    ...refused,
    message: expect.stringContaining('ask your officer'),
  });
  await expect(shown(fileOf({ ...editor, sensitive: true }), officer)).rejects.toMatchObject(
    refused,
  );
  expect((await shown(fileOf(mail), steward, officer)).manifest).not.toBeNull();
  expect((await shown(fileOf({ ...mail, mode: 'skeleton' }), steward)).manifest).not.toBeNull();
});

test('a manifest by nobody of the charter is not shown', async () => {
  await expect(shown(fileOf(editor), vault)).rejects.toMatchObject(refused);
});

test('what is said to be sensitive no more is accepted on two approvals only', async () => {
  const said = fileOf({ ...editor, sensitive: true });
  const unsaid = { ...editor, mode: 'vocabulary' } as const;
  const one = await shown(fileOf(unsaid), steward);
  await expect(requireApproved(one, said)).rejects.toMatchObject(refused);
  await requireApproved(await shown(fileOf(unsaid), steward, officer), said);
  await requireApproved(one, fileOf(editor));
});

/** What a device that pinned `pinned` makes of a server that shows these charters. */
async function follows(pinned: Charter, ...charters: readonly Signed<Charter>[]) {
  const vaultKey = toBase64url(vault.publicKey);
  answer = {
    charter: charters[0],
    charters,
    phase: 'active',
    vaultKey,
    fingerprint: programmeFingerprint(vaultKey, charters[0]?.payload ?? pinned),
    notice,
    manifest: null,
    programmeEpoch: 1,
    halted: false,
    standing: null,
  };
  return readProgramme(url, programmeFingerprint(vaultKey, pinned));
}

test('a device follows the charter it pinned by the signatures of the old quorum', async () => {
  const newcomer = await signerFromSeed(newSigningSeed());
  const one = charterOf();
  const [first, other] = one.persons;
  if (first === undefined || other === undefined) throw new Error('no persons');
  const replaced = { ...first, publicKey: toBase64url(newcomer.publicKey) };
  const two: Charter = { ...one, number: 2, persons: [replaced, other] };
  const three: Charter = { ...two, number: 3, k: 2 };
  const signed = await sign(one, steward, officer);
  const next = await sign(two, steward, officer);
  const last = await sign(three, newcomer, officer);
  const newest = await follows(one, signed, next, last);
  expect(newest.charter.payload).toEqual(three);
  expect(newest.fingerprint).toBe(programmeFingerprint(toBase64url(vault.publicKey), three));
  expect((await follows(two, signed, next, last)).charter.payload.number).toBe(3);
  for (const wrong of [
    [signed, await sign(two, newcomer, officer)],
    [signed, await sign(two, officer)],
    [signed, last],
    [signed, next, await sign(three, steward, officer)],
    [signed, await sign({ ...two, number: 1 }, steward, officer)],
  ]) {
    await expect(follows(one, ...wrong)).rejects.toMatchObject(refused);
  }
  await expect(follows(three, signed, next)).rejects.toThrow('another fingerprint');
});

test('wider terms are told from those that were agreed to', async () => {
  const one = charterOf();
  const two: Charter = { ...one, number: 2, purposes: ['train-agents', 'evaluate-agents'] };
  const signed = [await sign(one, steward, officer), await sign(two, steward, officer)];
  const programme = await follows(one, ...signed);
  const vaultKey = toBase64url(vault.publicKey);
  const agreedTo = (charter: Charter) => {
    const fingerprint = programmeFingerprint(vaultKey, charter);
    return widerThanAgreed(programme, { fingerprint } as Consent);
  };
  expect(agreedTo(one)).toEqual(['purposes']);
  expect(agreedTo(two)).toEqual([]);
  expect(agreedTo({ ...one, k: 7 })).toEqual(['notice']);
});
