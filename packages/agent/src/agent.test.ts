import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runAgent } from './agent.ts';
import { Home } from './home/home.ts';

test('an agent whose model is missing, another or no recogniser does not start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  const file = join(folder, 'model.wasm');
  const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  await writeFile(file, bytes);
  const agreed = createHash('sha256').update(bytes).digest('hex');
  const { signal } = new AbortController();
  const still = {
    display: undefined,
    sessionBus: undefined,
    systemBus: undefined,
    virtualDisplay: true,
    signal,
  };
  const started = (model: { readonly file: string; readonly sha256: string }) =>
    runAgent({ ...still, home: new Home(folder), reviewWindowMs: 0, model, onState: () => {} });
  await expect(started({ file: `${file}.gone`, sha256: agreed })).rejects.toMatchObject({
    code: 'usage.invalid',
    message: expect.stringContaining('cannot be read'),
  });
  await expect(started({ file, sha256: agreed.replace(/^./, 'x') })).rejects.toThrow('agreed file');
  await expect(started({ file, sha256: agreed })).rejects.toThrow('cannot run');
  await rm(folder, { recursive: true });
});
