import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVault } from '../../context.ts';
import { refine } from '../../worker/refine.ts';
import { newMember, refineTask } from '../../worker/sample-session.ts';

let folder: string;
let file: string;
/** An empty module: what it lacks is for `loadRecogniser` to notice. */
const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const agreed = createHash('sha256').update(bytes).digest('hex');
const other = 'ab'.repeat(32);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-'));
  file = join(folder, 'model.wasm');
  await writeFile(file, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

const started = (model: { readonly file: string; readonly sha256: string }) =>
  openVault({ serverUrl: 'http://127.0.0.1:9', vaultFolder: folder, workers: 1, model });

test('a vault whose model is missing, another or no recogniser does not start', async () => {
  await expect(started({ file: `${file}.gone`, sha256: agreed })).rejects.toMatchObject({
    code: 'usage.invalid',
  });
  await expect(started({ file, sha256: other })).rejects.toThrow('not the agreed file');
  await expect(started({ file, sha256: agreed })).rejects.toThrow('cannot run');
});

test('a worker that is given another model than was agreed refines nothing', async () => {
  const task = refineTask(await newMember('someone'), []);
  await expect(refine({ ...task, model: { bytes, sha256: other } })).rejects.toMatchObject({
    code: 'redaction.failed',
  });
});
