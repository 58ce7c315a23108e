import { createCipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newOutput } from '../output.ts';
import { runDrill } from './drill.ts';
import { promises } from './promises.ts';
import { plantWords } from './recording.ts';
import { searchKept } from './search.ts';

let keep: string;
beforeEach(async () => {
  keep = await mkdtemp(join(tmpdir(), 'drill-'));
});
afterEach(() => rm(keep, { recursive: true }));

function sealed(text: string): Buffer {
  return createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12)).update(text);
}

const out = { ...newOutput(true), note: () => undefined };
const { signal } = new AbortController();

/** Everything holds, but for how what was typed lies on the disk. */
async function drilled(keptAs: (text: string) => string | Buffer) {
  const result = await runDrill({ keep, out, signal }, async (walk, see) => {
    for (const [at, name] of promises.entries()) see(at + 1, name, true);
    const { remark } = plantWords();
    const { organisation } = walk.folders;
    await writeFile(join(walk.folders.given, 'segment'), keptAs(`it says ${remark} here`));
    await searchKept(walk, [walk.folders.given, organisation], [remark], see);
  });
  return { ok: result.ok, broken: result.promises.filter(({ verdict }) => verdict === 'broken') };
}

test('a drill that sees one promise broken fails, and says which and why', async () => {
  expect(await drilled((text) => text)).toMatchObject({
    ok: false,
    broken: [
      {
        promise: `1. ${promises[0]}`,
        because: ['nothing that was typed lies anywhere in the clear'],
      },
    ],
  });
});

test('it is the seal that it looks at: with it, the same drill holds', async () => {
  expect(await drilled(sealed)).toEqual({ ok: true, broken: [] });
});

test('a drill that sees nothing of a promise fails as well', async () => {
  const { ok } = await runDrill({ keep, out, signal }, async (_walk, see) => {
    for (const [at, name] of promises.slice(1).entries()) see(at + 2, name, true);
  });
  expect(ok).toBe(false);
});
