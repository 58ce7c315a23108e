import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBase64url, fromUtf8, toBase64url } from '@handrail/core/bytes';
import { canonicalBytes } from '@handrail/core/canonical-json';
import {
  commitment,
  decodeEntry,
  encodeEntry,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseProofFile,
  verifyInclusion,
} from '@handrail/core/ledger';
import { randomBytes } from '@handrail/core/seal';
import {
  type ConsentReceipt,
  type ErasureCertificate,
  shreddedPayload,
  sign,
  signersOf,
} from '@handrail/core/statement';
import { vaultRoutes } from '@handrail/core/wire';
import { type RunningServer, startServer } from '@handrail/server/app';
import {
  activateManifest,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handrail, handrailJson } from '../../run-command.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let home: string;
const mine = (word: string) => ['mine', word, '--home', home];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofs-'));
  home = join(folder, 'home');
  sample = await sampleProgramme(join(folder, 'sample'));
  server = await startServer(sample.settings);
  await activateManifest(server.url, sample);
  const invite = `${sample.settings.inviteToken}.${sample.fingerprint}`;
  const asked = ['--invite', invite, '--name', 'ann', '--accept', '--home', home];
  await handrailJson(['join', server.url, ...asked]);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('a receipt holds the signed consent, and its proof is checked without anybody', async () => {
  const receipt = await handrailJson<ConsentReceipt>(mine('receipt'));
  const { consent, proof, privacy_notice: notice, purposes } = receipt;
  expect(notice).toEqual({ digest: sample.charter.payload.noticeDigest, version: 1 });
  expect(purposes.map(({ purpose }) => purpose)).toEqual(sample.charter.payload.purposes);
  expect((await signersOf(consent)).has(consent.payload.deviceKey)).toBe(true);
  const entry = fromBase64url(proof.entry);
  expect(decodeEntry(entry).commitment).toBe(
    commitment(fromBase64url(proof.salt), canonicalBytes(consent)),
  );
  const file = parseProofFile(proof.inclusion);
  const head = file && parseCheckpoint(parseNote(file.checkpoint)?.text ?? '');
  if (file === undefined || head === undefined) throw new Error('The proof is malformed.');
  expect(verifyInclusion(leafHash(entry), file.index, head, file.proof)).toBe(true);
  expect(receipt.events).toMatchObject([{ event_type: 'consent', ledger_index: file.index }]);
});

async function certified(changes: Partial<ErasureCertificate> = {}): Promise<ErasureCertificate> {
  const { pseudonym } = JSON.parse(await readFile(join(home, 'device.json'), 'utf8'));
  const owner = { pseudonym, consentEpoch: 1, job: `job_${'0'.repeat(26)}` };
  const salt = randomBytes(32);
  const entry = encodeEntry({
    v: 1,
    kind: 'keys.shredded',
    at: instant(),
    commitment: commitment(salt, canonicalBytes(shreddedPayload(owner))),
  });
  const { firstIndex: index } = await callAs(server.url, sample.vault, vaultRoutes.append, {
    body: { entries: [fromUtf8(entry)] },
  });
  const certificate: ErasureCertificate = {
    ...({ v: 1, kind: 'erasure-certificate', pseudonym, consentEpoch: 1 } as const),
    ...{ programme: sample.charter.payload.programme, at: instant(), keys: 60 },
    ...{ asked: index - 1, objects: { segments: 0, trajectories: 0 } },
    shredded: { index, salt: toBase64url(salt), job: owner.job },
    ...changes,
  };
  const body = { certificate: await sign(certificate, sample.vault.signer) };
  await callAs(server.url, sample.vault, vaultRoutes.certified, { body });
  return certificate;
}

test('a certificate is checked against the pinned vault and the ledger, also offline', async () => {
  expect((await handrail(mine('certificate'))).code).toBe(1);
  await handrailJson(['erase', '--yes', '--home', home]);
  const certificate = await certified();
  expect(await handrailJson(mine('certificate'))).toMatchObject({
    certificate: { payload: certificate },
    inLedger: true,
  });
  const { shredded } = certificate;
  await certified({ shredded: { ...shredded, index: shredded.index - 1 } });
  const elsewhere = await handrail(mine('certificate'));
  expect([elsewhere.code, elsewhere.stdout]).toEqual([1, expect.stringContaining('OTHERWISE')]);
  const path = join(home, 'erasure-certificate.json');
  await server.close();
  expect(await handrailJson(mine('certificate'))).toMatchObject({ inLedger: null });
  const kept = await readFile(path, 'utf8');
  await writeFile(path, kept.replace('"keys":60', '"keys":61'));
  expect((await handrail(mine('certificate'))).stderr).toMatch(/^This certificate is not/);
  const receipt = await handrailJson<ConsentReceipt>(mine('receipt'));
  expect(receipt.events).toHaveLength(1);
  server = await startServer(sample.settings);
});

test('a device ends itself by a statement, after which it may leave and nothing else', async () => {
  const lost = join(folder, 'lost');
  const invite = `${sample.settings.inviteToken}.${sample.fingerprint}`;
  const asked = ['--invite', invite, '--name', 'lost', '--accept', '--home', lost];
  await handrailJson(['join', server.url, ...asked]);
  const revoke = ['device', 'revoke', '--home', lost];
  expect((await handrail(revoke)).stderr).toContain('--yes');
  expect(await handrailJson([...revoke, '--yes'])).toMatchObject({ revoked: true });
  const list = await handrail(['mine', 'list', '--home', lost]);
  expect([list.code, list.stdout]).toEqual([1, '']);
  const left = await handrail(['withdraw', '--home', lost]);
  expect([left.code, left.stderr]).toEqual([0, '']);
});
