import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64url } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { newSealKeyPair, randomBytes } from '@handrail/core/seal';
import { sealedBytesMax } from '@handrail/core/segment';
import { type ManifestStatement, sign } from '@handrail/core/statement';
import {
  auditRoutes,
  bystanderRoutes,
  deviceRoutes,
  incidentRoutes,
  loginRoutes,
  personRoutes,
  problemSchema,
  publicRoutes,
  type Route,
  signRequest,
  vaultRoutes,
} from '@handrail/core/wire';
import {
  type Actor,
  activateManifest,
  actor,
  callAs,
  headerOf,
  instant,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningServer, startServer } from '../app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let manifest: ManifestStatement;
let ann: Participant;
let bob: Participant;
let annsKey: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  manifest = await activateManifest(server.url, sample);
  ann = await joinAs(server.url, sample, manifest);
  bob = await joinAs(server.url, sample, manifest);
  annsKey = await issueKeys(server.url, sample, ann);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function raw(
  method: string,
  target: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
) {
  const response = await fetch(`${server.url}${target}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: new Uint8Array(body) }),
  });
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
  return { status: response.status, code: problem.data?.code };
}

async function signedBy(
  who: Pick<Actor, 'signer'>,
  method: string,
  target: string,
  body: Uint8Array,
) {
  const nowSeconds = Math.floor(Date.now() / 1000);
  return signRequest(who.signer, { method, target, body }, nowSeconds, randomBytes(16));
}

describe('requests', () => {
  const target = '/v1/mine/segments';
  const nothing = new Uint8Array();

  test('a request without a signature is refused', async () => {
    expect(await raw('GET', target, nothing, {})).toEqual({
      status: 401,
      code: 'signature.invalid',
    });
  });

  test('the same request a second time is refused', async () => {
    const headers = await signedBy(ann, 'GET', target, nothing);
    expect((await raw('GET', target, nothing, headers)).status).toBe(200);
    expect((await raw('GET', target, nothing, headers)).status).toBe(401);
  });

  test('an old request, another path, another query and another body are refused', async () => {
    const old = await signRequest(
      ann.signer,
      { method: 'GET', target, body: nothing },
      Math.floor(Date.now() / 1000) - 120,
      randomBytes(16),
    );
    expect((await raw('GET', target, nothing, old)).status).toBe(401);
    const here = await signedBy(ann, 'GET', target, nothing);
    expect((await raw('GET', '/v1/mine/day-keys', nothing, here)).status).toBe(401);
    expect((await raw('GET', `${target}?a=1`, nothing, here)).status).toBe(401);
    const lease = '/v1/mine/lease';
    const body = Buffer.from('{"consentEpoch":1,"manifest":"x"}');
    const posted = await signedBy(ann, 'POST', lease, body);
    const changed = Buffer.from('{"consentEpoch":2,"manifest":"x"}');
    expect((await raw('POST', lease, changed, posted)).status).toBe(401);
  });

  test('a body over the limit is refused before anything looks at it', async () => {
    const big = new Uint8Array(sealedBytesMax + 1);
    const path = `/v1/mine/segments/${idOf('seg', big)}`;
    const headers = await signedBy(ann, 'PUT', path, big);
    expect(await raw('PUT', path, big, headers)).toEqual({ status: 413, code: 'input.too-large' });
  });

  test('a body that does not fit is refused, and its values are not repeated', async () => {
    const body = Buffer.from('{"consentEpoch":"PRIVATE","manifest":1}');
    const headers = await signedBy(ann, 'POST', '/v1/mine/lease', body);
    const response = await fetch(`${server.url}/v1/mine/lease`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain('input.invalid');
    expect(text).not.toContain('PRIVATE');
  });
});

describe('callers', () => {
  const routes: readonly Route[] = [
    ...Object.values(deviceRoutes),
    ...Object.values(personRoutes),
    ...Object.values(loginRoutes),
    ...Object.values(vaultRoutes),
    ...[bystanderRoutes.requests, bystanderRoutes.decide],
  ];

  test('every route refuses strangers and callers of every other kind', async () => {
    const stranger = await actor('dev');
    const callers = { stranger, device: ann, person: sample.steward, vault: sample.vault };
    let asked = 0;
    for (const route of routes) {
      if (route.caller === 'new-device') continue;
      const target = route.path.replaceAll(/:[a-z]+|\*/g, 'x');
      for (const [kind, who] of Object.entries(callers)) {
        if (kind === route.caller) continue;
        const headers = await signedBy(who, route.method, target, new Uint8Array());
        const { status } = await raw(route.method, target, new Uint8Array(), headers);
        expect([route.path, kind, status]).toEqual([route.path, kind, 403]);
        asked += 1;
      }
    }
    expect(asked).toBe(routes.length * 3 - 3);
  });

  test('joining needs the invite, the own key, the shown notice and a new name', async () => {
    const device = await actor('dev');
    const consent = {
      ...ann.consent,
      pseudonym: idOf('part', randomBytes(32)),
      device: device.id,
      deviceKey: device.key,
      at: instant(),
    };
    const join = async (changes: object, invite = sample.settings.inviteToken, who = device) =>
      callAs(server.url, who, deviceRoutes.join, {
        body: { invite, name: 'X', consent: await sign({ ...consent, ...changes }, device.signer) },
      });
    await expect(join({}, 'wrong-invite-token')).rejects.toMatchObject({ code: 'access.denied' });
    await expect(join({}, undefined, await actor('dev'))).rejects.toMatchObject({
      code: 'access.denied',
    });
    const stale = { code: 'consent.stale' };
    await expect(join({ notice: 'f'.repeat(64) })).rejects.toMatchObject(stale);
    await expect(join({ fingerprint: 'none' })).rejects.toMatchObject(stale);
    await expect(join({ manifest: 'f'.repeat(64) })).rejects.toMatchObject(stale);
    await expect(join({ pseudonym: ann.pseudonym })).rejects.toMatchObject({
      code: 'state.conflict',
    });
    expect(await join({})).toEqual({ pseudonym: consent.pseudonym });
    expect(await join({})).toEqual({ pseudonym: consent.pseudonym });
  });

  test("nobody withdraws in another's name", async () => {
    const payload = {
      v: 1,
      kind: 'withdrawal',
      programme: sample.charter.payload.programme,
      pseudonym: ann.pseudonym,
      consentEpoch: 1,
      at: instant(),
    } as const;
    for (const signer of [ann.signer, bob.signer]) {
      const statement = await sign(payload, signer);
      await expect(
        callAs(server.url, bob, deviceRoutes.state, { body: { statement } }),
      ).rejects.toMatchObject({ code: 'access.denied' });
    }
  });
});

describe('segments', () => {
  const put = (who: Participant, id: string, bytes: Uint8Array) =>
    callAs(server.url, who, deviceRoutes.putSegment, { params: { id }, body: bytes });
  const fresh = (changes: Parameters<typeof headerOf>[3] = {}) =>
    sealed(
      headerOf(sample, ann, annsKey, { session: idOf('ses', randomBytes(32)), ...changes }),
      ann,
    );

  test('truncated, bit-flipped and spliced ones are refused', async () => {
    const [one, two] = [await fresh(), await fresh()];
    for (const length of [0, 8, 40, one.bytes.length - 1]) {
      await expect(put(ann, one.id, one.bytes.slice(0, length))).rejects.toThrow();
    }
    for (let at = 0; at < one.bytes.length; at += 97) {
      const flipped = one.bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await expect(put(ann, one.id, flipped)).rejects.toThrow();
    }
    const half = one.bytes.length >> 1;
    const spliced = Buffer.concat([one.bytes.subarray(0, half), two.bytes.subarray(half)]);
    await expect(put(ann, one.id, spliced)).rejects.toThrow();
    expect(await put(ann, one.id, one.bytes)).toEqual({ state: 'accepted' });
  });

  test('one is not taken under another id, from another device, or with another key', async () => {
    const one = await fresh();
    await expect(put(ann, (await fresh()).id, one.bytes)).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(put(bob, one.id, one.bytes)).rejects.toMatchObject({ code: 'input.invalid' });
    const forged = await sealed(headerOf(sample, ann, annsKey), bob);
    await expect(put(ann, forged.id, forged.bytes)).rejects.toMatchObject({
      code: 'signature.invalid',
    });
  });

  test('stale epochs, unknown manifests and unknown keys are refused alike each time', async () => {
    const bobsKey = await issueKeys(server.url, sample, bob);
    const strange = toBase64url((await newSealKeyPair()).publicKey);
    const cases = [
      [{ consentEpoch: 2 }, 'consent.stale'],
      [{ programmeEpoch: 2 }, 'programme.halted'],
      [{ manifest: 'f'.repeat(64) }, 'consent.stale'],
      [{ sealedTo: strange }, 'keys.unknown'],
      [{ sealedTo: bobsKey }, 'keys.unknown'],
      [{ day: '2020-01-01' }, 'keys.unknown'],
    ] as const;
    const before = await callAs(server.url, ann, deviceRoutes.segmentCounts);
    for (const [changes, code] of cases) {
      const segment = await fresh(changes);
      await expect(put(ann, segment.id, segment.bytes)).rejects.toMatchObject({ code });
      await expect(put(ann, segment.id, segment.bytes)).rejects.toMatchObject({ code });
    }
    const after = await callAs(server.url, ann, deviceRoutes.segmentCounts);
    expect(after.rejected - before.rejected).toBe(cases.length);
    expect(after.accepted).toBe(before.accepted);
  });

  test('two segments cannot have one place in a session', async () => {
    const session = idOf('ses', randomBytes(32));
    const [one, two] = [await fresh({ session }), await fresh({ session })];
    expect(await put(ann, one.id, one.bytes)).toEqual({ state: 'accepted' });
    await expect(put(ann, two.id, two.bytes)).rejects.toMatchObject({ code: 'state.conflict' });
    expect(await put(ann, one.id, one.bytes)).toEqual({ state: 'accepted' });
  });

  test('many at once all come in, each once', async () => {
    const session = idOf('ses', randomBytes(32));
    const many = await Promise.all(
      Array.from({ length: 40 }, (_, sequence) => fresh({ session, sequence })),
    );
    const twice = [...many, ...many].map(({ id, bytes }) => put(ann, id, bytes));
    const states = await Promise.all(twice);
    expect(states.every(({ state }) => state === 'accepted')).toBe(true);
  });
});

describe('a halted programme', () => {
  test('takes nothing old, gives no lease, and resumes with two roles only', async () => {
    const { steward, officer, incident, researcher, charter } = sample;
    const statement = (kind: 'halt' | 'resume', programmeEpoch: number, who: Actor[]) =>
      sign(
        {
          v: 1,
          kind,
          programme: charter.payload.programme,
          programmeEpoch,
          at: instant(),
        } as const,
        ...who.map(({ signer }) => signer),
      );
    const declare = async (kind: 'halt' | 'resume', epoch: number, by: Actor[], who = by[0]) =>
      callAs(server.url, who, personRoutes.declare, {
        body: { statement: await statement(kind, epoch, by) },
      });
    await expect(declare('halt', 2, [researcher])).rejects.toMatchObject({ code: 'access.denied' });
    await expect(declare('halt', 3, [incident])).rejects.toMatchObject({ code: 'state.conflict' });
    await declare('halt', 2, [incident]);
    const programme = await callAs(server.url, undefined, publicRoutes.programme);
    expect(programme).toMatchObject({ halted: true, programmeEpoch: 2 });
    const lease = () =>
      callAs(server.url, ann, deviceRoutes.lease, {
        body: { consentEpoch: 1, manifest: ann.consent.manifest ?? '' },
      });
    await expect(lease()).rejects.toMatchObject({ code: 'programme.halted' });
    const segment = await sealed(
      headerOf(sample, ann, annsKey, { session: idOf('ses', randomBytes(32)) }),
      ann,
    );
    const put = () =>
      callAs(server.url, ann, deviceRoutes.putSegment, {
        params: { id: segment.id },
        body: segment.bytes,
      });
    await expect(put()).rejects.toMatchObject({ code: 'programme.halted' });
    const early = { programme: charter.payload.programme, at: instant(Date.now() - 60_000) };
    const signedBefore = { v: 1, kind: 'resume', programmeEpoch: 3, ...early } as const;
    const before = { statement: await sign(signedBefore, steward.signer, officer.signer) };
    await expect(
      callAs(server.url, steward, personRoutes.declare, { body: before }),
    ).rejects.toMatchObject({ code: 'state.conflict' });
    const resume = await statement('resume', 3, [steward]);
    const alone = await callAs(server.url, steward, personRoutes.declare, {
      body: { statement: resume },
    });
    expect(alone).toMatchObject({ state: 'halted', pendingResume: resume });
    const { payload } = resume;
    for (const who of [incident, officer]) {
      const body = { statement: await sign(payload, who.signer) };
      const { state } = await callAs(server.url, who, personRoutes.declare, { body });
      expect(state).toBe(who === officer ? 'running' : 'halted');
    }
    const { standing } = await callAs(server.url, undefined, publicRoutes.programme);
    expect(standing?.payload).toEqual(payload);
    expect(standing?.signatures).toHaveLength(3);
    expect((await lease()).programmeEpoch).toBe(3);
    await expect(put()).rejects.toMatchObject({ code: 'programme.halted' });
  });
});

describe('the API document', () => {
  test('has every route of core/wire, and beside them what logins ask', async () => {
    const document = z
      .object({
        openapi: z.string(),
        paths: z.record(z.string(), z.record(z.string(), z.unknown())),
      })
      .parse(await (await fetch(`${server.url}/v1/openapi.json`)).json());
    expect(document.openapi).toMatch(/^3\.1/);
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const ofKeys = documented.filter((route) => !/ \/(v1\/login|scim\/v2)\//.test(route));
    expect(ofKeys.length).toBeLessThan(documented.length);
    const keyed = [
      publicRoutes,
      deviceRoutes,
      personRoutes,
      loginRoutes,
      vaultRoutes,
      incidentRoutes,
      auditRoutes,
      bystanderRoutes,
    ];
    const wired = keyed
      .flatMap((routes): Route[] => Object.values(routes))
      .map(
        ({ method, path }) =>
          `${method} ${path.replaceAll(/:([a-z]+)/g, '{$1}').replace('*', '{*}')}`,
      );
    expect(ofKeys.sort()).toEqual(wired.sort());
  });
});
