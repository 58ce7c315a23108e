import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import { sign } from '@handrail/core/statement';
import { loginRoutes } from '@handrail/core/wire';
import { type Browser, browserAt } from '@handrail/testbed/browser';
import {
  startOidcProvider,
  type TestProvider,
  throughProvider,
} from '@handrail/testbed/oidc-provider';
import {
  type Actor,
  callAs,
  instant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { loginCookie, tripCookie } from './http/cookie.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let provider: TestProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oidc-'));
  sample = await sampleProgramme(folder);
  provider = await startOidcProvider(toBase64url(randomBytes(24)));
  const clientSecretFile = join(folder, 'client-secret');
  await writeFile(clientSecretFile, provider.clientSecret, { mode: 0o600 });
  const { issuer, clientId } = provider;
  const oidc = { issuer, clientId, clientSecretFile, userNameClaim: 'preferred_username' };
  server = await startServer({ ...sample.settings, oidc });
  await provider.expect(`${server.url}/v1/login/oidc/callback`);
});

afterAll(async () => {
  await server?.close();
  await provider?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Goes to the provider as `subject`; gives the address that leads back. */
async function there(browser: Browser, subject: string): Promise<string> {
  const { status, headers } = await browser.get('/v1/login/oidc');
  expect(status).toBe(303);
  return throughProvider(provider, headers.get('location') ?? '', subject);
}

async function signedIn(subject: string): Promise<Browser> {
  const browser = browserAt(server.url);
  const back = await browser.get(await there(browser, subject));
  expect(back).toMatchObject({ status: 200, body: { signedIn: true } });
  return browser;
}

const me = async (browser: Browser) =>
  (await browser.get('/v1/login/me')).body as Record<'issuer' | 'subject' | 'code', string>;

async function claim(who: Actor, login: Record<'issuer' | 'subject' | 'code', string>) {
  const { issuer, subject, code } = login;
  const { programme } = sample.charter.payload;
  const link = { v: 1, kind: 'login-link', programme, issuer, subject, code } as const;
  const statement = await sign({ ...link, at: instant() }, who.signer);
  await callAs(server.url, who, loginRoutes.personLink, { body: { statement } });
}

test('a login is nobody’s until a key says whose, and then stops in that name', async () => {
  const first = await signedIn('sam');
  expect(await me(first)).toMatchObject({
    issuer: provider.issuer,
    subject: 'sam',
    holder: { kind: 'nobody' },
  });
  expect((await first.post('/v1/login/programme/stop')).status).toBe(403);
  await claim(sample.steward, await me(first));
  const second = await signedIn('sam');
  const person = { kind: 'person', id: sample.steward.id, role: 'steward' };
  expect(await me(second)).toMatchObject({ holder: person });
  expect((await second.post('/v1/login/programme/stop')).body).toMatchObject({ state: 'halted' });
});

test('a provider that vouches for any name makes no login somebody’s', async () => {
  await claim(sample.officer, await me(await signedIn('olga')));
  const { officer, researcher } = sample;
  for (const subject of [officer.id, researcher.id, sample.officer.key, 'admin', 'sam ', 'SAM']) {
    expect(await me(await signedIn(subject))).toMatchObject({ holder: { kind: 'nobody' } });
  }
  const taken = await me(await signedIn('olga'));
  await expect(claim(researcher, taken)).rejects.toMatchObject({ code: 'access.denied' });
  const open = await me(await signedIn('rita'));
  for (const change of [{ issuer: 'https://other.example' }, { subject: 'olga' }]) {
    const changed = claim(researcher, { ...open, ...change });
    await expect(changed).rejects.toMatchObject({ code: 'access.denied' });
  }
});

test('an answer counts once, for the browser that asked, and as it was given', async () => {
  const browser = browserAt(server.url);
  const back = await there(browser, 'sam');
  const trip = browser.cookies.get(tripCookie) ?? '';
  expect((await browserAt(server.url).get(back)).status).toBe(401);
  const other = browserAt(server.url);
  await other.get('/v1/login/oidc');
  expect((await other.get(back)).status).toBe(401);
  for (const [name, value] of [
    ['state', 'A'.repeat(43)],
    ['iss', 'https://other.example'],
  ] as const) {
    const again = browserAt(server.url);
    const changed = new URL(await there(again, 'sam'));
    changed.searchParams.set(name, value);
    expect((await again.get(changed.href)).status).toBe(401);
  }
  expect((await browser.get(back)).status).toBe(200);
  browser.cookies.set(tripCookie, trip);
  expect((await browser.get(back)).status).toBe(401);
});

test.each(['state', 'nonce', 'code_challenge'])(
  'an answer to a question with the %s of another trip is none',
  async (name) => {
    const asked = async (browser: Browser) =>
      new URL((await browser.get('/v1/login/oidc')).headers.get('location') ?? '');
    const browser = browserAt(server.url);
    const [other, own] = [await asked(browserAt(server.url)), await asked(browser)];
    const foreign = other.searchParams.get(name);
    if (foreign !== null) own.searchParams.set(name, foreign);
    const back = new URL(await throughProvider(provider, own.href, 'sam'));
    expect(back.searchParams.get('code')).not.toBeNull();
    const { status } = await browser.get(back.href);
    expect([status, browser.cookies.has(loginCookie)]).toEqual([401, false]);
  },
);

test('a trip is made once, though the provider gives another code for it', async () => {
  const browser = browserAt(server.url);
  const address = (await browser.get('/v1/login/oidc')).headers.get('location') ?? '';
  const trip = browser.cookies.get(tripCookie) ?? '';
  const back = () => throughProvider(provider, address, 'sam');
  expect((await browser.get(await back())).status).toBe(200);
  const again = browserAt(server.url);
  again.cookies.set(tripCookie, trip);
  expect((await again.get(await back())).status).toBe(401);
});

test('the trip’s cookie comes back from the provider’s page, and holds no login', async () => {
  const { headers } = await browserAt(server.url).get('/v1/login/oidc');
  const cookie = headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^__Host-handrail-trip=.*SameSite=Lax$/);
  expect(cookie).toMatch(/; Secure; HttpOnly; /);
  const asked = new URL(headers.get('location') ?? '').searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) {
    expect(asked.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  }
});
