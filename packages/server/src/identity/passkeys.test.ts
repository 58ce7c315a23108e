import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginRoutes } from '@handrail/core/wire';
import { type Authenticator, newAuthenticator } from '@handrail/testbed/authenticator';
import { type Browser, browserAt } from '@handrail/testbed/browser';
import { callAs, type SampleProgramme, sampleProgramme } from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { loginCookie } from './http/cookie.ts';

interface Challenge {
  readonly ticket: string;
  readonly options: { readonly challenge: string };
}

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let mine: Authenticator;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passkeys-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  mine = newAuthenticator(server.url);
  expect(await enrolled(mine, await ticketFor('enrol-passkey'))).toBe(204);
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

async function ticketFor(purpose: 'sign-in' | 'enrol-passkey'): Promise<string> {
  const { ticket } = await callAs(server.url, sample.steward, loginRoutes.personTicket, {
    body: { purpose },
  });
  return ticket;
}

async function enrolled(authenticator: Authenticator, ticket: string, browser?: Browser) {
  const by = browser ?? browserAt(server.url);
  const begun = await by.post('/v1/login/passkeys/options', { ticket });
  if (begun.status !== 200) return begun.status;
  const challenge = begun.body as Challenge;
  const response = authenticator.create(challenge.options);
  return (await by.post('/v1/login/passkeys', { ticket: challenge.ticket, response })).status;
}

async function challenge(browser: Browser): Promise<Challenge> {
  return (await browser.post('/v1/login/passkey/options')).body as Challenge;
}

async function use(browser: Browser, ticket: string, response: object) {
  return browser.post('/v1/login/passkey', { ticket, response });
}

test('a passkey signs in whose key let it be enrolled', async () => {
  const browser = browserAt(server.url);
  const { ticket, options } = await challenge(browser);
  expect((await use(browser, ticket, mine.get(options))).status).toBe(204);
  expect((await browser.get('/v1/login/me')).body).toMatchObject({
    holder: { kind: 'person', id: sample.steward.id },
  });
});

test('a login enrols no passkey: it takes a ticket of a key, for that', async () => {
  const browser = browserAt(server.url);
  await browser.post('/v1/login/ticket', { ticket: await ticketFor('sign-in') });
  expect(browser.cookies.has(loginCookie)).toBe(true);
  const thiefs = newAuthenticator(server.url);
  expect(await enrolled(thiefs, browser.cookies.get(loginCookie) ?? '', browser)).toBe(401);
  expect(await enrolled(thiefs, await ticketFor('sign-in'), browser)).toBe(401);
  const once = await ticketFor('enrol-passkey');
  expect(await enrolled(newAuthenticator(server.url), once)).toBe(204);
  expect(await enrolled(thiefs, once)).toBe(401);
});

test('an answer counts once, here, to its own challenge, by whoever was verified', async () => {
  const browser = browserAt(server.url);
  const first = await challenge(browser);
  const answer = mine.get(first.options);
  expect((await use(browser, first.ticket, answer)).status).toBe(204);
  const second = await challenge(browser);
  const elsewhere = newAuthenticator('https://elsewhere.example');
  const touchOnly = 0x01;
  const refused = [
    await use(browser, first.ticket, answer),
    await use(browser, second.ticket, answer),
    await use(browser, (await challenge(browser)).ticket, elsewhere.get(second.options)),
  ];
  const third = await challenge(browser);
  refused.push(await use(browser, third.ticket, mine.get(third.options, touchOnly)));
  // Made anew, so that only the challenge, used up or another's, can be what is wrong.
  const fourth = await challenge(browser);
  refused.push(await use(browser, first.ticket, mine.get(first.options)));
  refused.push(await use(browser, fourth.ticket, mine.get(third.options)));
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
  expect(new Set(refused.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});
