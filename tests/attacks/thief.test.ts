// Who steals everything that the organisation keeps outside of its vault, and the memory of its
// server while it works, has nothing that was typed. Nor has who changes requests on their way.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { utf8 } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import { signRequest } from '@handrail/core/wire';
import { agreeManifest, joinAndImport, startOrganisation } from '@handrail/testbed/organisation';
import { scanFolders } from 'handrail/canary/read-back/scan-files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryOf } from './process-memory.ts';
import { statusOf } from './raw-request.ts';

const words = 'the walnut harvest was late again';
const stack = new AsyncDisposableStack();
let organisation: Awaited<ReturnType<typeof startOrganisation>>;
let ann: string;
let bob: string;
let trajectory: string;

beforeAll(async () => {
  organisation = stack.use(await startOrganisation());
  await agreeManifest(organisation, [{ app: 'import:ducktrack', mode: 'full' }]);
  ann = await joinAndImport(organisation, 'ann', words);
  bob = await joinAndImport(organisation, 'bob', 'nothing of note');
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

test('what was signed for one request is taken for no other', async () => {
  const { url } = organisation;
  const bobs = await deviceSigner(await new Home(bob).device());
  const target = '/v1/mine/lease';
  const body = JSON.stringify({ consentEpoch: 1, manifest: '0'.repeat(64) });
  const signed = async (parts: { method: string; target: string; body: string }) => {
    const now = Math.floor(Date.now() / 1000);
    const bytes = { ...parts, body: utf8(parts.body) };
    return linesOf(await signRequest(bobs, bytes, now, randomBytes(16)));
  };
  const request = (method: string, path: string, headers: readonly string[], text: string) =>
    statusOf(
      url,
      [`${method} ${path} HTTP/1.1`, 'host: h', 'connection: close', ...headers].concat(
        text === '' ? [] : [`content-length: ${text.length}`],
      ),
      text,
    );
  const list = { method: 'GET', target: '/v1/mine/trajectories', body: '' };
  const headers = await signed(list);
  expect(await request('GET', list.target, headers, '')).toBe(200);
  const fresh = await signed(list);
  const lease = await signed({ method: 'POST', target, body });
  const refused = {
    'a second time': await request('GET', list.target, headers, ''),
    'for another address': await request('GET', '/v1/mine/quarantine', fresh, ''),
    'with a query': await request('GET', `${list.target}?a=b`, fresh, ''),
    'for another method': await request('POST', list.target, fresh, ''),
    'with another body': await request('POST', target, lease, body.replace('1', '2')),
    'with two signatures': await request(
      'GET',
      list.target,
      [...fresh, ...(await signed(list))],
      '',
    ),
    'with no signature': await request('GET', list.target, [], ''),
    'with two lengths': await request('POST', target, ['content-length: 3', ...lease], body),
    'with a length and parts': await request(
      'POST',
      target,
      ['transfer-encoding: chunked', ...lease],
      body,
    ),
  };
  for (const [how, status] of Object.entries(refused)) {
    expect([how, status >= 400 && status < 500]).toEqual([how, true]);
  }
});

function linesOf(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}
