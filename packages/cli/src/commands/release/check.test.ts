import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toBase64url, utf8 } from '@handrail/core/bytes';
import { encodeExportHeader, exportStanza } from '@handrail/core/dataset';
import { idOf } from '@handrail/core/ids';
import { newSigningSeed, type Signer, signerFromSeed } from '@handrail/core/seal';
import {
  type ReleaseList,
  type ReleaseStanding,
  releaseListPath,
  sign,
} from '@handrail/core/statement';
import { Encrypter, generateIdentity, identityToRecipient, Stanza } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';

const entry = new URL('../../main.ts', import.meta.url).pathname;
const programme = idOf('prog', utf8('p'));
const release = idOf('rel', utf8('r'));
const manifest = 'ab'.repeat(32);
const at = '2026-11-23T10:00:00Z';
let folder: string;
let vault: Signer;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'));
  vault = await signerFromSeed(newSigningSeed());
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
  const vaultKey = toBase64url(vault.publicKey);
  const list = { number: 3, path: releaseListPath } as const;
  const header = encodeExportHeader({ v: 1, programme, release, manifest, vaultKey, list });
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza([exportStanza], header)] });
  file = join(folder, 'export.age');
  await writeFile(file, await encrypter.encrypt('rows'));
});
afterAll(() => rm(folder, { recursive: true }));

async function checked(number: number, standing: Partial<ReleaseStanding>, by = vault) {
  const list: ReleaseList = {
    ...({ v: 1, kind: 'release-list', programme, number, at } as const),
    releases: [{ release, manifest, state: 'good', at, ...standing }],
  };
  const path = join(folder, 'list.json');
  await writeFile(path, JSON.stringify(await sign(list, by)));
  const args = ['release', 'check', file, '--list', path, '--home', folder, '--json'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [entry, ...args]);
    return { code: 0, said: JSON.parse(stdout) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout === '' ? stderr : JSON.parse(stdout) };
  }
}

test('a downloaded export is checked without a line and without a home', async () => {
  expect(await checked(3, {})).toMatchObject({ code: 0, said: { id: release, ok: true, list: 3 } });
  const gone = { state: 'superseded', reason: 'withdrawal' } as const;
  expect(await checked(4, gone)).toMatchObject({
    code: 1,
    said: { ok: false, kind: 'superseded' },
  });
  expect(await checked(2, {})).toMatchObject({ code: 1, said: { why: 'older' } });
  const other = { manifest: 'cd'.repeat(32) };
  expect(await checked(4, other)).toMatchObject({ code: 1, said: { why: 'another-manifest' } });
  const forged = await checked(4, {}, await signerFromSeed(newSigningSeed()));
  expect(forged).toMatchObject({ code: 1, said: expect.stringMatching(/not signed by the vault/) });
});
