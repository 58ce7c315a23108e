import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  appendEntries,
  checkpointPath,
  emptyEdge,
  encodeEntry,
  type NoteSigner,
  signCheckpoint,
  verifierKey,
  verifierLine,
} from '@handrail/core/ledger';
import { newSigningSeed, signerFromSeed } from '@handrail/core/seal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handrail } from '../../run-command.ts';

let folder: string;
let log: NoteSigner;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
  log = { name: 'example.com/log', signer: await signerFromSeed(newSigningSeed()) };
  const key = verifierLine(verifierKey(log.name, log.signer.publicKey, 'ed25519'));
  await writeFile(join(folder, 'key'), key);
  await exported('seen', [1, 2, 3]);
});
afterAll(() => rm(folder, { recursive: true }));

/** A ledger that its own log has signed: one entry for each of `counts`. */
async function exported(name: string, counts: readonly number[]): Promise<void> {
  const at = '2026-11-23T10:00:00Z';
  const kind = 'segments.accepted' as const;
  const entries = counts.map((count) => encodeEntry({ v: 1, kind, at, count }));
  const { files, head } = appendEntries(emptyEdge, entries);
  const note = { path: checkpointPath, bytes: await signCheckpoint(head, log) };
  for (const { path, bytes } of [...files, note]) {
    await mkdir(dirname(join(folder, name, path)), { recursive: true });
    await writeFile(join(folder, name, path), bytes);
  }
}

async function verified(name: string) {
  const since = join(folder, 'seen', checkpointPath);
  const args = [join(folder, name), '--key', join(folder, 'key'), '--since', since, '--json'];
  const { code, stdout } = await handrail(['ledger', 'verify', ...args]);
  return { code, problems: JSON.parse(stdout).problems };
}

test('a ledger that only grew verifies since an earlier checkpoint', async () => {
  await exported('grown', [1, 2, 3, 4]);
  expect(await verified('grown')).toEqual({ code: 0, problems: [] });
});

test.each([
  ['cut', [1, 2], 'rollback'],
  ['edited', [1, 7, 3], 'fork'],
  ['cut and grown again', [1, 2, 7, 4], 'inconsistent'],
])('one that was %s does not, though all its files fit each other', async (how, counts, reason) => {
  await exported(how, counts);
  const problems = [{ kind: 'not-continued', reason }];
  expect(await verified(how)).toEqual({ code: 1, problems });
});
