// Who steals everything that the organisation keeps outside of its vault, and the memory of its
// server while it works, has nothing that a participant typed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agreeManifest, joinAndImport, startOrganisation } from '@handrail/testbed/organisation';
import { scanFolders } from 'handrail/canary/read-back/scan-files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryOf } from './process-memory.ts';

const words = 'the walnut harvest was late again';
const stack = new AsyncDisposableStack();
let organisation: Awaited<ReturnType<typeof startOrganisation>>;
let ann: string;
let trajectory: string;

beforeAll(async () => {
  organisation = stack.use(await startOrganisation());
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  ann = await joinAndImport(organisation, 'ann', words);
  await organisation.handrail(ann, 'wait', '--timeout', '60s');
  const { trajectories } = await organisation.handrail(ann, 'mine', 'list');
  trajectory = (trajectories as { readonly id: string }[])[0]?.id ?? '';
});
afterAll(() => stack.disposeAsync());

async function pidOf(part: string): Promise<number> {
  const text = await readFile(join(organisation.path('data'), 'run', 'children.json'), 'utf8');
  const children: Readonly<Record<string, { readonly pid: number }>> = JSON.parse(text);
  return children[part]?.pid ?? 0;
}

async function knowsWords(pid: number): Promise<boolean> {
  const forms = (['utf8', 'utf16le'] as const).map((encoding) => Buffer.from(words, encoding));
  for await (const part of memoryOf(pid)) {
    if (forms.some((form) => part.includes(form))) return true;
  }
  return false;
}

test('the memory of the server, while it relays what its owner reads, holds no word', async () => {
  const shown = organisation.handrail(ann, 'mine', 'show', trajectory);
  expect(await knowsWords(await pidOf('server'))).toBe(false);
  expect(JSON.stringify((await shown).actions)).toContain(words);
  expect(await knowsWords(await pidOf('server'))).toBe(false);
  expect(await knowsWords(process.pid), 'who knows the words is found out').toBe(true);
});

test('files, database, objects, logs and ledger hold no word', async () => {
  const { found, rows, files } = await scanFolders([organisation.path('data')], [words]);
  expect([...found.values()]).toEqual([]);
  expect(rows).toBeGreaterThan(0);
  expect(files).toBeGreaterThan(0);
});
