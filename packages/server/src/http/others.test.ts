import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@handrail/core/ids';
import { randomBytes } from '@handrail/core/seal';
import type { ReadingSubject } from '@handrail/core/statement';
import {
  auditRoutes,
  type CallInput,
  deviceRoutes,
  incidentRoutes,
  type Payload,
  personRoutes,
  type Route,
  signRequest,
  vaultRoutes,
} from '@handrail/core/wire';
import {
  type Actor,
  activateManifest,
  callAs,
  headerOf,
  issueKeys,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
  sealed,
  today,
} from '@handrail/testbed/sample-programme';
import { openOwn, sampleSession } from '@handrail/testbed/sample-reading';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let ann: Participant;
let bob: Participant;
let annsKey: string;
let annsSegment: Awaited<ReturnType<typeof sealed>>;
/** What is Ann's, by the name of the parameter and the route that asks for it. */
let anns: {
  trajectory: string;
  job: string;
  session: string;
  quarantined: string;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'others-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  const { url } = server;
  const manifest = await activateManifest(url, sample);
  ann = await joinAs(url, sample, manifest);
  bob = await joinAs(url, sample, manifest);
  const session = idOf('ses', randomBytes(32));
  annsKey = await issueKeys(url, sample, ann);
  annsSegment = await sealed(headerOf(sample, ann, annsKey, { session }), ann);
  const params = { id: annsSegment.id };
  await callAs(url, ann, deviceRoutes.putSegment, { params, body: annsSegment.bytes });
  const trajectory = await refined();
  const { job } = await openOwn(url, sample, ann, trajectory);
  await leased('view');
  const body = { outcome: 'done' } as const;
  await asVault(vaultRoutes.finishJob, { params: { id: job }, body });
  anns = { trajectory, job, session, quarantined: await quarantined() };
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function asVault<B extends Payload, R extends Payload>(route: Route<B, R>, input: CallInput<B>) {
  return callAs(server.url, sample.vault, route, input);
}

async function leased(kind: string): Promise<string> {
  for (;;) {
    const { job } = await callAs(server.url, sample.vault, vaultRoutes.leaseJob, {
      body: { seconds: 60 },
    });
    if (job === null) throw new Error(`There is no ${kind} job.`);
    if (job.job.kind === kind) return job.id;
  }
}

async function refined(): Promise<string> {
  const id = idOf('traj', randomBytes(32));
  const params = { '*': `trajectories/${id}` };
  await asVault(vaultRoutes.putObject, { params, body: new Uint8Array([1]) });
  const facts = { id, day: today(), actions: 1, contexts: [] };
  const segments = [{ id: annsSegment.id, state: 'refined' as const }];
  const trajectories = [{ facts, segments: [annsSegment.id] }];
  const body = { job: await leased('refine'), segments, trajectories };
  await asVault(vaultRoutes.refined, { body });
  return id;
}

async function quarantined(): Promise<string> {
  const header = headerOf(sample, ann, annsKey, { session: idOf('ses', randomBytes(32)) });
  const { id, bytes } = await sealed(header, ann);
  await callAs(server.url, ann, deviceRoutes.putSegment, { params: { id }, body: bytes });
  const segments = [{ id, state: 'quarantined' as const, reason: 'pixels.survivor' }];
  const body = { job: await leased('refine'), segments, trajectories: [] };
  await asVault(vaultRoutes.refined, { body });
  return id;
}

/** Status and body of what `who` is told when asking for `id`. */
async function answer(who: Pick<Actor, 'signer'>, route: Route, id: string, body: Uint8Array) {
  const target = route.path.replace(/:[a-z]+/, id).replace(':number', '0');
  const nowSeconds = Math.floor(Date.now() / 1000);
  const parts = { method: route.method, target, body };
  const headers = await signRequest(who.signer, parts, nowSeconds, randomBytes(16));
  const response = await fetch(`${server.url}${target}`, {
    method: route.method,
    headers,
    ...(route.method === 'GET' ? {} : { body: new Uint8Array(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Bob asks to read it as his own. */
async function sessionBody(subject: ReadingSubject): Promise<Uint8Array> {
  const by = { participant: bob.pseudonym };
  const session = await sampleSession(sample, bob, { ...subject, by });
  return Buffer.from(JSON.stringify({ session }));
}

test("what is another's is answered like what does not exist, byte for byte", async () => {
  const nothing = new Uint8Array();
  const sequences = Buffer.from('{"sequences":[0],"ended":false}');
  const asked: Partial<Record<string, [string, string, Uint8Array, Uint8Array?]>> = {
    openMine: [
      anns.trajectory,
      idOf('traj', randomBytes(32)),
      await sessionBody({ trajectory: anns.trajectory }),
      await sessionBody({ trajectory: idOf('traj', randomBytes(32)) }),
    ],
    myChunk: [anns.job, idOf('job', randomBytes(32)), nothing],
    endMine: [anns.job, idOf('job', randomBytes(32)), nothing],
    myJob: [anns.job, idOf('job', randomBytes(32)), nothing],
    putSegment: [annsSegment.id, idOf('seg', randomBytes(32)), annsSegment.bytes],
    forgotten: [anns.session, idOf('ses', randomBytes(32)), sequences],
  };
  for (const [name, route] of Object.entries(deviceRoutes)) {
    if (!route.path.includes(':') && !(name in asked)) continue;
    const [theirs, none, body, other = body] = asked[name] ?? [];
    if (theirs === undefined || none === undefined || body === undefined || !other) {
      throw new Error(`${name} takes an id, and is not asked here.`);
    }
    const seen = await answer(bob, route, theirs, body);
    expect([name, seen]).toEqual([name, await answer(bob, route, none, other)]);
    const isAsking = route.method === 'GET' || name.startsWith('open');
    if (isAsking) expect(seen.status).toBe(404);
    expect(seen.text).not.toContain(theirs);
  }
  expect((await answer(ann, deviceRoutes.myJob, anns.job, nothing)).status).toBe(200);
});

test("another's segment in quarantine is asked for like one that does not exist", async () => {
  const ask = async (id: string) =>
    answer(bob, deviceRoutes.openMine, '', await sessionBody({ segment: id }));
  const seen = await ask(anns.quarantined);
  expect(seen).toEqual(await ask(idOf('seg', randomBytes(32))));
  expect(seen.status).toBe(404);
  expect(await openOwn(server.url, sample, ann, anns.quarantined)).toHaveProperty('job');
});

test('a telling goes to whom it is for, and is nothing for others', async () => {
  const [tag, commitment] = ['A'.repeat(22), 'A'.repeat(43)];
  const key = `openings/${ann.pseudonym}/t${tag}.${commitment}`;
  await asVault(vaultRoutes.putObject, { params: { '*': key }, body: new Uint8Array([1]) });
  const body = { entries: [{ tag, commitment }] };
  const told = (who: Participant) => callAs(server.url, who, deviceRoutes.openings, { body });
  expect([await told(ann), await told(bob)]).toEqual([{ boxes: ['AQ'] }, { boxes: [null] }]);
});

test("persons are told of what is a participant's what they are told of nothing", async () => {
  const routes = Object.entries({ ...personRoutes, ...incidentRoutes, ...auditRoutes }).filter(
    ([, { path, caller }]) => path.includes(':') && caller === 'person',
  );
  expect(routes.length).toBeGreaterThan(10);
  const ids = [
    [anns.job, idOf('job', randomBytes(32))],
    [anns.trajectory, idOf('traj', randomBytes(32))],
    [anns.quarantined, idOf('seg', randomBytes(32))],
  ] as const;
  for (const person of [sample.researcher, sample.steward]) {
    for (const [name, route] of routes) {
      const body = route.body === 'none' ? new Uint8Array() : Buffer.from('{}');
      for (const [theirs, none] of ids) {
        const seen = await answer(person, route, theirs, body);
        expect([name, seen]).toEqual([name, await answer(person, route, none, body)]);
        if (route.method === 'GET') expect([404, 403], name).toContain(seen.status);
      }
    }
  }
});

test("what another says of one's session changes nothing", async () => {
  const body = { sequences: [1], ended: true };
  await callAs(server.url, bob, deviceRoutes.forgotten, {
    params: { session: anns.session },
    body,
  });
  const header = { session: anns.session, sequence: 1 };
  const next = await sealed(headerOf(sample, ann, annsKey, header), ann);
  const params = { id: next.id };
  expect(
    await callAs(server.url, ann, deviceRoutes.putSegment, { params, body: next.bytes }),
  ).toEqual({ state: 'accepted' });
  await leased('refine');
});

test('strangers who promise many large bodies have to wait, and others are served', async () => {
  const path = '/v1/vault/objects/trajectories/x';
  const head = `PUT ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${60 * 1024 * 1024}\r\n\r\n`;
  const sockets = Array.from({ length: 6 }, () =>
    connect(Number(new URL(server.url).port), '127.0.0.1'),
  );
  const refused = await new Promise<string>((resolve) => {
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.on('data', (part) => resolve(part.toString()));
      socket.write(head);
    }
  });
  expect(refused).toContain('429');
  const { accepted } = await callAs(server.url, ann, deviceRoutes.segmentCounts);
  expect(accepted).toBe(3);
  for (const socket of sockets) socket.destroy();
});
