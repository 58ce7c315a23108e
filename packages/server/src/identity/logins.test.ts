import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { newSigningSeed, randomBytes, signerFromSeed } from '@handrail/core/seal';
import { type DeviceRevocation, type ManifestStatement, sign } from '@handrail/core/statement';
import {
  deviceRoutes,
  loginRoutes,
  personRoutes,
  publicRoutes,
  signRequest,
  vaultRoutes,
} from '@handrail/core/wire';
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
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { loginCookie } from './http/cookie.ts';
import { failuresMax, lockedMs } from './http/lockout.ts';
import { idleSecondsMax, loginSecondsMax } from './logins.ts';
import { ticketSeconds } from './tickets.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let manifest: ManifestStatement;
let ann: Participant;
let aheadMs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logins-'));
  sample = await sampleProgramme(folder);
  server = await started();
  manifest = await activateManifest(server.url, sample);
});

beforeEach(async () => {
  aheadMs = 0;
  ann = await joinAs(server.url, sample, manifest);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const started = () => startServer(sample.settings, { nowMs: () => Date.now() + aheadMs });

async function ticketOf(who: Actor | Participant): Promise<string> {
  const route = 'pseudonym' in who ? loginRoutes.deviceTicket : loginRoutes.personTicket;
  const { ticket } = await callAs(server.url, who, route, { body: { purpose: 'sign-in' } });
  return ticket;
}

async function signedIn(who: Actor | Participant): Promise<Browser> {
  const browser = browserAt(server.url);
  const { status } = await browser.post('/v1/login/ticket', { ticket: await ticketOf(who) });
  expect(status).toBe(204);
  return browser;
}

const lease = (who: Participant) =>
  callAs(server.url, who, deviceRoutes.lease, {
    body: { consentEpoch: 1, manifest: who.consent.manifest ?? '' },
  });

function revocationOf({ pseudonym }: Pick<Participant, 'pseudonym'>, by: Actor) {
  const { programme } = sample.charter.payload;
  const payload: DeviceRevocation = {
    ...{ v: 1, kind: 'device-revocation', programme, pseudonym, at: instant() },
  };
  return sign(payload, by.signer);
}

/** As the vault is given it. */
/** Entries of other kinds, such as one about decisions, may follow it. */
async function newestStatement() {
  const checkpoint = await (await fetch(`${server.url}/v1/ledger/checkpoint`)).text();
  for (let index = Number(checkpoint.split('\n')[1]) - 1; ; index--) {
    const params = { index: String(index) };
    const asking = callAs(server.url, sample.vault, vaultRoutes.statements, { params });
    const found = await asking.catch(() => undefined);
    if (found !== undefined || index === 0) return found;
  }
}

async function resumed(programmeEpoch: number) {
  const { programme } = sample.charter.payload;
  const resume = { v: 1, kind: 'resume', programme, programmeEpoch, at: instant() } as const;
  for (const who of [sample.steward, sample.officer]) {
    await callAs(server.url, who, personRoutes.declare, {
      body: { statement: await sign(resume, who.signer) },
    });
  }
}

describe('a one-time ticket', () => {
  test('signs in whose key asked for it, and says whose key that was', async () => {
    const browser = await signedIn(sample.steward);
    const me = await browser.get('/v1/login/me');
    expect(me.body).toMatchObject({
      holder: { kind: 'person', id: sample.steward.id, role: 'steward' },
    });
    expect((await (await signedIn(ann)).get('/v1/login/me')).body).toMatchObject({
      holder: { kind: 'participant', pseudonym: ann.pseudonym },
    });
  });

  test('counts once, for ten minutes, and for its own purpose', async () => {
    const thief = browserAt(server.url);
    const used = await ticketOf(ann);
    expect((await thief.post('/v1/login/ticket', { ticket: used })).status).toBe(204);
    expect((await thief.post('/v1/login/ticket', { ticket: used })).status).toBe(401);
    const { ticket: other } = await callAs(server.url, ann, loginRoutes.deviceTicket, {
      body: { purpose: 'enrol-passkey' },
    });
    expect((await thief.post('/v1/login/ticket', { ticket: other })).status).toBe(401);
    const late = await ticketOf(ann);
    aheadMs = ticketSeconds * 1000;
    expect((await thief.post('/v1/login/ticket', { ticket: late })).status).toBe(401);
  });
});

describe('a login', () => {
  test('ends after half an hour without use, after eight hours, and when it is ended', async () => {
    const idle = await signedIn(ann);
    const busy = await signedIn(ann);
    const left = await signedIn(ann);
    expect((await left.post('/v1/login/end')).status).toBe(204);
    expect(left.cookies.size).toBe(0);
    const half = (idleSecondsMax * 1000) / 2;
    for (; aheadMs < (loginSecondsMax - idleSecondsMax) * 1000; aheadMs += half) {
      expect((await busy.get('/v1/login/me')).status).toBe(200);
    }
    expect((await idle.get('/v1/login/me')).status).toBe(401);
    aheadMs = loginSecondsMax * 1000;
    expect((await busy.get('/v1/login/me')).status).toBe(401);
  });

  test('is a cookie of this host, hidden from scripts, other sites and open lines', async () => {
    const browser = browserAt(server.url);
    const { headers } = await browser.post('/v1/login/ticket', { ticket: await ticketOf(ann) });
    const text = headers.get('set-cookie') ?? '';
    expect(text).toMatch(/^__Host-handrail-login=[A-Za-z0-9_-]{43}; Path=\/; /);
    for (const part of ['Secure', 'HttpOnly', 'SameSite=Strict', `Max-Age=${loginSecondsMax}`]) {
      expect(text).toContain(part);
    }
  });

  test('does nothing for a page of another site, which cannot send our header', async () => {
    const browser = await signedIn(sample.steward);
    for (const headers of [{}, { origin: 'https://elsewhere.example' }]) {
      const crossed = await browser.post('/v1/login/programme/stop', undefined, headers);
      expect(crossed.status).toBe(403);
    }
    const preflight = await fetch(`${server.url}/v1/login/programme/stop`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-headers')).toBeNull();
    expect((await browser.get('/v1/login/programme')).body).toMatchObject({ state: 'running' });
  });

  test('has at most five siblings: the oldest one ends', async () => {
    const first = await signedIn(ann);
    aheadMs = 1_000;
    for (let more = 0; more < 5; more++) await signedIn(ann);
    expect((await first.get('/v1/login/me')).status).toBe(401);
  });
});

describe('a login stops', () => {
  test('leases at once, for the keeper to see, until the charter’s persons sign', async () => {
    await lease(ann);
    const browser = await signedIn(sample.incident);
    const stopped = await browser.post('/v1/login/programme/stop');
    expect(stopped.body).toEqual({ state: 'halted', programmeEpoch: 1 });
    await expect(lease(ann)).rejects.toMatchObject({ code: 'programme.halted' });
    await server.close();
    server = await started();
    await expect(lease(ann)).rejects.toMatchObject({ code: 'programme.halted' });
    await resumed(2);
    expect(await lease(ann)).toMatchObject({ programmeEpoch: 2 });
  });

  test('a signed halt may follow it', async () => {
    const browser = await signedIn(sample.steward);
    await browser.post('/v1/login/programme/stop');
    await browser.post('/v1/login/programme/stop');
    const { programme } = sample.charter.payload;
    const halt = { v: 1, kind: 'halt', programme, programmeEpoch: 3, at: instant() } as const;
    const state = await callAs(server.url, sample.steward, personRoutes.declare, {
      body: { statement: await sign(halt, sample.steward.signer) },
    });
    expect(state).toMatchObject({ state: 'halted', programmeEpoch: 3 });
    await resumed(4);
  });

  test('nothing that is not its own: a researcher no programme, a person no device', async () => {
    const researcher = await signedIn(sample.researcher);
    expect((await researcher.post('/v1/login/programme/stop')).status).toBe(403);
    expect((await researcher.post('/v1/login/device/stop')).status).toBe(403);
    expect((await (await signedIn(ann)).post('/v1/login/programme/stop')).status).toBe(403);
    await lease(ann);
  });

  test('its participant’s lost device, which may withdraw and nothing else, for good', async () => {
    const bob = await joinAs(server.url, sample, manifest);
    const browser = await signedIn(ann);
    expect((await browser.post('/v1/login/device/stop')).status).toBe(204);
    const denied = { code: 'access.denied' };
    await expect(lease(ann)).rejects.toMatchObject(denied);
    await expect(callAs(server.url, ann, deviceRoutes.trajectories)).rejects.toMatchObject(denied);
    await expect(ticketOf(ann)).rejects.toMatchObject(denied);
    const renewed = await sign({ ...ann.consent, at: instant() }, ann.signer);
    await expect(
      callAs(server.url, ann, deviceRoutes.state, { body: { statement: renewed } }),
    ).rejects.toMatchObject(denied);
    expect((await browser.get('/v1/login/me')).body).toMatchObject({ holder: { kind: 'nobody' } });
    await lease(bob);
    const { programme } = sample.charter.payload;
    const { pseudonym } = ann;
    const whose = { programme, pseudonym, consentEpoch: 1, at: instant() } as const;
    const leaving = { v: 1, kind: 'withdrawal', ...whose } as const;
    await callAs(server.url, ann, deviceRoutes.state, {
      body: { statement: await sign(leaving, ann.signer) },
    });
  });

  test('a device ends itself as well, by a statement for the vault to follow', async () => {
    const bob = await joinAs(server.url, sample, manifest);
    const body = { statement: await revocationOf(ann, ann) };
    const ask = (who: Actor) => callAs(server.url, who, loginRoutes.revokeDevice, { body });
    await expect(ask(bob)).rejects.toMatchObject({ code: 'access.denied' });
    await ask(ann);
    await server.close();
    server = await started();
    await expect(lease(ann)).rejects.toMatchObject({ code: 'access.denied' });
    await lease(bob);
    expect(await newestStatement()).toMatchObject({ statement: body.statement });
  });

  test('who may halt ends the device of another by a key, and nobody else does', async () => {
    const end = async (who: Actor, by = who, pseudonym = ann.pseudonym) => {
      const body = { statement: await revocationOf({ pseudonym }, by) };
      await callAs(server.url, who, loginRoutes.endDevice, { body });
    };
    await expect(end(sample.researcher)).rejects.toMatchObject({ code: 'access.denied' });
    const unsigned = end(sample.steward, sample.officer);
    await expect(unsigned).rejects.toMatchObject({ code: 'signature.invalid' });
    const nobody = idOf('part', randomBytes(32));
    const unknown = end(sample.steward, sample.steward, nobody);
    await expect(unknown).rejects.toMatchObject({ code: 'not.found' });
    await lease(ann);
    await end(sample.steward);
    await expect(lease(ann)).rejects.toMatchObject({ code: 'access.denied' });
  });
});

describe('a stolen login', () => {
  test('is taken by no route of a key, and is shown nothing but itself and the state', async () => {
    const browser = await signedIn(sample.officer);
    const document = await browser.get('/v1/openapi.json');
    const { paths } = document.body as {
      paths: Record<string, Record<string, { description: string }>>;
    };
    const tried = new Map<string, number>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { description }] of Object.entries(methods)) {
        if (!/Caller: (device|new-device|person|vault)\./.test(description)) continue;
        const target = path.replaceAll(/\{[^}]+\}/g, 'x');
        const whole = `${server.url}${target}`;
        const cookie = `${loginCookie}=${browser.cookies.get(loginCookie)}`;
        const headers = { cookie, 'x-handrail-login': '1', authorization: 'Bearer x' };
        const { status } = await fetch(whole, { method: method.toUpperCase(), headers });
        tried.set(`${method} ${path}`, status);
      }
    }
    expect(tried.size).toBeGreaterThan(40);
    expect([...tried].filter(([, status]) => status !== 401)).toEqual([]);
  });

  test('cannot vouch for a key, and no other key gets it', async () => {
    const browser = await signedIn(ann);
    const { issuer, subject, code } = (await browser.get('/v1/login/me')).body as Linkable;
    const { programme } = sample.charter.payload;
    const link = { v: 1, kind: 'login-link', programme, issuer, subject, code } as const;
    const take = async (who: Actor, by = who) => {
      const statement = await sign({ ...link, at: instant() }, by.signer);
      return callAs(server.url, who, loginRoutes.personLink, { body: { statement } });
    };
    await expect(take(sample.steward)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(take(sample.steward, ann)).rejects.toMatchObject({ code: 'signature.invalid' });
    expect((await browser.get('/v1/login/me')).body).toMatchObject({
      holder: { kind: 'participant', pseudonym: ann.pseudonym },
    });
  });
});

test('whoever guesses waits, and no answer tells whether a guess was near', async () => {
  const browser = browserAt(server.url);
  const guess = 'A'.repeat(43);
  const right = await ticketOf(ann);
  // What other tests failed at is forgotten by then; the ticket still counts.
  aheadMs = ticketSeconds * 1000 - 5_000;
  const answers = [];
  for (let tries = 0; tries < failuresMax; tries++) {
    answers.push(await browser.post('/v1/login/ticket', { ticket: guess }));
  }
  answers.push(await browser.get('/v1/login/me'));
  expect(new Set(answers.slice(0, -1).map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(answers.at(-1)?.status).toBe(429);
  expect((await browser.post('/v1/login/ticket', { ticket: right })).status).toBe(429);
  aheadMs += lockedMs;
  const later = await browserAt(server.url).post('/v1/login/ticket', { ticket: guess });
  expect(later.status).toBe(401);
});

test('a request signed by a stranger’s key is no login either', async () => {
  const stranger = await signerFromSeed(newSigningSeed());
  const target = loginRoutes.personTicket.path;
  const body = Buffer.from(JSON.stringify({ purpose: 'sign-in' }));
  const now = Math.floor(Date.now() / 1000);
  const parts = { method: 'POST', target, body };
  const headers = await signRequest(stranger, parts, now, new Uint8Array(16).fill(1));
  const { status } = await fetch(`${server.url}${target}`, { ...parts, headers });
  expect(status).toBe(403);
  const programme = await callAs(server.url, undefined, publicRoutes.programme);
  expect(programme.halted).toBe(false);
});

interface Linkable {
  readonly issuer: string;
  readonly subject: string;
  readonly code: string;
}
