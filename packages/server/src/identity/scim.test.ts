import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { randomBytes } from '@handrail/core/seal';
import { type ManifestStatement, sign } from '@handrail/core/statement';
import { deviceRoutes, loginRoutes, personRoutes } from '@handrail/core/wire';
import { type Browser, browserAt } from '@handrail/testbed/browser';
import {
  type Actor,
  activateManifest,
  callAs,
  instant,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { failuresMax } from './http/lockout.ts';

const token = toBase64url(randomBytes(24));
let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let manifest: ManifestStatement;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scim-'));
  sample = await sampleProgramme(folder);
  const scimTokenHashFile = join(folder, 'scim-token-hash');
  const hash = createHash('sha256').update(token).digest('hex');
  await writeFile(scimTokenHashFile, `${hash}\n`, { mode: 0o600 });
  server = await startServer({ ...sample.settings, scimTokenHashFile });
  manifest = await activateManifest(server.url, sample);
});

afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true });
});

async function scim(method: string, path: string, body?: unknown, bearer = token) {
  const response = await fetch(`${server.url}/scim/v2/${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.status === 204 || text.startsWith('{')).toBe(true);
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function signedIn(who: Actor | Participant): Promise<Browser> {
  const route = 'pseudonym' in who ? loginRoutes.deviceTicket : loginRoutes.personTicket;
  const { ticket } = await callAs(server.url, who, route, { body: { purpose: 'sign-in' } });
  const browser = browserAt(server.url);
  expect((await browser.post('/v1/login/ticket', { ticket })).status).toBe(204);
  return browser;
}

async function userOf(userName: string): Promise<string> {
  const { body } = await scim(
    'GET',
    `Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
  );
  expect(body).toMatchObject({ totalResults: 1, Resources: [{ userName, active: true }] });
  return String(body.Resources[0].id);
}

const ending = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
};

const lease = (who: Participant) =>
  callAs(server.url, who, deviceRoutes.lease, {
    body: { consentEpoch: 1, manifest: who.consent.manifest ?? '' },
  });
const denied = { code: 'access.denied' };

test('who is deactivated is signed out, and their key counts no more, but to leave', async () => {
  const ann = await joinAs(server.url, sample, manifest);
  const bob = await joinAs(server.url, sample, manifest);
  const [first, second, other] = [await signedIn(ann), await signedIn(ann), await signedIn(bob)];
  const id = await userOf(ann.pseudonym);
  expect((await scim('PATCH', `Users/${id}`, ending)).body).toMatchObject({ active: false });
  for (const browser of [first, second]) {
    expect((await browser.get('/v1/login/me')).status).toBe(401);
  }
  await expect(lease(ann)).rejects.toMatchObject(denied);
  await expect(signedIn(ann)).rejects.toMatchObject(denied);
  expect((await other.get('/v1/login/me')).status).toBe(200);
  await lease(bob);
  const { programme } = sample.charter.payload;
  const whose = { programme, pseudonym: ann.pseudonym, consentEpoch: 1, at: instant() } as const;
  const leaving = await sign({ v: 1, kind: 'withdrawal', ...whose } as const, ann.signer);
  await callAs(server.url, ann, deviceRoutes.state, { body: { statement: leaving } });
});

test('a person of the charter decides nothing any more once they are deleted', async () => {
  await signedIn(sample.researcher);
  await callAs(server.url, sample.researcher, personRoutes.grants);
  expect((await scim('DELETE', `Users/${await userOf(sample.researcher.id)}`)).status).toBe(204);
  await expect(callAs(server.url, sample.researcher, personRoutes.grants)).rejects.toMatchObject(
    denied,
  );
});

test('nothing is given: no user is made, none comes back, none is changed', async () => {
  const carol = await joinAs(server.url, sample, manifest);
  await signedIn(carol);
  const id = await userOf(carol.pseudonym);
  const operations = (...Operations: object[]) => ({ schemas: ending.schemas, Operations });
  const refused = [
    scim('POST', 'Users', { userName: 'mallory', active: true }),
    scim('PATCH', `Users/${id}`, operations({ op: 'replace', path: 'active', value: true })),
    scim('PATCH', `Users/${id}`, operations({ op: 'replace', path: 'userName', value: 'x' })),
    scim('PATCH', `Users/${id}`, operations({ op: 'add', path: 'roles', value: 'officer' })),
    scim('PATCH', `Users/${id}`, operations({ op: 'replace', value: { active: true } })),
    scim('PUT', `Users/${id}`, { userName: carol.pseudonym, active: true }),
  ];
  for (const { status, body } of await Promise.all(refused)) {
    expect(status).toBe(403);
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    expect(body).toMatchObject({ schemas, status: '403' });
  }
  await lease(carol);
  await scim('PUT', `Users/${id}`, { active: false });
  const back = operations({ op: 'replace', path: 'active', value: true });
  expect((await scim('PATCH', `Users/${id}`, back)).status).toBe(403);
  await expect(lease(carol)).rejects.toMatchObject(denied);
});

test('users are listed by pages, without what they did', async () => {
  const { body } = await scim('GET', 'Users?count=1&startIndex=2');
  expect(body).toMatchObject({ startIndex: 2, itemsPerPage: 1 });
  expect(Object.keys(body.Resources[0]).sort()).toEqual(
    ['active', 'id', 'meta', 'schemas', 'userName'].sort(),
  );
  expect((await scim('GET', 'Users?filter=active%20eq%20true')).status).toBe(400);
  const nobody = encodeURIComponent('userName eq "nobody"');
  expect((await scim('GET', `Users?filter=${nobody}`)).body).toMatchObject({ totalResults: 0 });
  expect((await scim('GET', 'Users/login_x')).status).toBe(404);
  expect((await scim('GET', 'ServiceProviderConfig')).body).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 100 },
  });
});

test('what is ended stays ended after a restart', async () => {
  const dora = await joinAs(server.url, sample, manifest);
  await signedIn(dora);
  await scim('DELETE', `Users/${await userOf(dora.pseudonym)}`);
  await server.close();
  server = await startServer(sample.settings);
  await expect(lease(dora)).rejects.toMatchObject(denied);
});

test('without a token, with a guessed one, and where none is set up: all alike', async () => {
  // The server was started again without a token.
  const statuses = [];
  for (const bearer of [token, 'x'.repeat(32), '']) {
    statuses.push((await scim('GET', 'Users', undefined, bearer)).status);
  }
  for (let tries = 3; tries <= failuresMax; tries++) {
    statuses.push((await scim('DELETE', 'Users/login_x')).status);
  }
  expect(statuses).toEqual([...Array(failuresMax).fill(401), 429]);
});
