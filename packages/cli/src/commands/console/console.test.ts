import { HandrailError } from '@handrail/core/errors';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Room } from './rooms.ts';
import { startConsole } from './server.ts';

const question = 'May pers_a hold grant_a?';
let approved: string[];
let page: Awaited<ReturnType<typeof startConsole>>;

const room: Room = {
  who: 'somebody',
  readable: async () => [{ trajectory: 'traj_a', grant: 'grant_a', says: 'under grant_a' }],
  waiting: async () => [{ grant: 'grant_a', digest: 'ab', prompt: question }],
  approve: async (grant, digest) => {
    if (digest !== 'ab') throw new HandrailError('state.conflict', 'This is not what was shown.');
    approved.push(grant);
  },
  readerOf: () => {
    throw new HandrailError('access.denied', 'grant-revoked');
  },
};

beforeEach(async () => {
  approved = [];
  page = await startConsole(room, 0);
});
afterEach(() => page[Symbol.asyncDispose]());

const origin = () => new URL(page.url).origin;
const word = () => new URL(page.url).hash.slice(1);

function ask(method: string, path: string, body?: object, token = '') {
  return fetch(`${origin()}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function entered(): Promise<string> {
  const reply = await ask('POST', '/api/enter', { word: word() });
  return ((await reply.json()) as { readonly token: string }).token;
}

test('the page is on loopback, loads nothing from elsewhere, and is never kept', async () => {
  expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/);
  for (const path of ['/', '/console.js', '/console.css']) {
    const reply = await fetch(`${origin()}${path}`);
    const text = await reply.text();
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const policy = reply.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/https?:\/\/|<style|onclick|innerHTML|<script>/);
  }
});

test('the word in its address works once; without what it gives nothing is answered', async () => {
  for (const token of ['', word()]) {
    for (const [method, path] of [
      ['GET', '/api/home'],
      ['POST', '/api/readings'],
      ['POST', '/api/approvals'],
      ['GET', '/api/readings/ses_a/frames/0'],
    ] as const) {
      const body = method === 'POST' ? {} : undefined;
      expect((await ask(method, path, body, token)).status).toBe(403);
    }
  }
  expect((await ask('POST', '/api/enter', { word: 'x'.repeat(43) })).status).toBe(403);
  const token = await entered();
  expect((await ask('POST', '/api/enter', { word: word() })).status).toBe(403);
  const home = await ask('GET', '/api/home', undefined, token);
  expect(await home.json()).toMatchObject({
    who: 'somebody',
    readable: [{ trajectory: 'traj_a' }],
    waiting: [{ prompt: question }],
  });
  expect(home.headers.get('cache-control')).toBe('no-store');
});

test('a page elsewhere that calls this address by another name learns nothing', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const headers = { host: 'attacker.example' };
    request(origin(), { headers }, (reply) => resolve(reply.statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

test('an approval is of the grant that was shown, by its digest', async () => {
  const token = await entered();
  const approve = (digest: string) =>
    ask('POST', '/api/approvals', { grant: 'grant_a', digest }, token);
  const other = await approve('cd');
  expect([other.status, await other.json()]).toEqual([
    409,
    { says: 'This is not what was shown.' },
  ]);
  expect(approved).toEqual([]);
  expect((await approve('ab')).status).toBe(200);
  expect(approved).toEqual(['grant_a']);
});

test('what may not be read is said, and there is no way to a file', async () => {
  const token = await entered();
  const body = { trajectory: 'traj_a', grant: 'grant_a' };
  const refused = await ask('POST', '/api/readings', body, token);
  expect([refused.status, await refused.json()]).toEqual([403, { says: 'grant-revoked' }]);
  for (const path of ['/api/readings/ses_a/frames/0', '/api/export', '/index.html', '/../x']) {
    expect((await ask('GET', path, undefined, token)).status).toBe(404);
  }
});
