import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@handrail/core/bytes';
import { idOf } from '@handrail/core/ids';
import { decodeEntry, readEntries, tileHashReader, treeRoot } from '@handrail/core/ledger';
import { randomBytes } from '@handrail/core/seal';
import {
  type IncidentClosed,
  type IncidentOpened,
  type ProbeReport,
  sign,
} from '@handrail/core/statement';
import { deviceRoutes, incidentRoutes, personRoutes } from '@handrail/core/wire';
import { approveGrant, requestGrant, sampleGrant } from '@handrail/testbed/sample-grant';
import {
  type Actor,
  activateManifest,
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
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningServer, startServer } from '../app.ts';
import { LedgerFiles } from '../ledger/ledger-files.ts';

let folder: string;
let sample: SampleProgramme;
let server: RunningServer;
let ann: Participant;
let bob: Participant;
let joinedAt: string;
const incident = idOf('inc', randomBytes(32));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incidents-'));
  sample = await sampleProgramme(folder);
  server = await startServer(sample.settings);
  const manifest = await activateManifest(server.url, sample);
  ann = await joinAs(server.url, sample, manifest);
  bob = await joinAs(server.url, sample, manifest);
  joinedAt = instant();
  const key = await issueKeys(server.url, sample, ann);
  const { id, bytes } = await sealed(headerOf(sample, ann, key), ann);
  await callAs(server.url, ann, deviceRoutes.putSegment, { params: { id }, body: bytes });
  const grant = await sampleGrant(sample, { tier: 'raw', scope: { segments: [id] } });
  await requestGrant(server.url, sample, grant);
  for (const by of [sample.steward, sample.officer]) await approveGrant(server.url, by, grant);
  const { manifest: accepted, consentEpoch } = ann.consent;
  const body = { consentEpoch, manifest: accepted ?? '' };
  await callAs(server.url, ann, deviceRoutes.lease, { body });
  // Instants are whole seconds, and no time at all is no time to read in.
  await vi.waitUntil(() => instant() > joinedAt, { timeout: 5_000 });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const programme = () => sample.charter.payload.programme;

function opening(more: Partial<IncidentOpened> = {}): IncidentOpened {
  const at = instant();
  const kind = 'incident-opened' as const;
  const common = { v: 1, programme: programme(), incident, at } as const;
  return { ...common, kind, severity: 2, cause: 'person', what: 'A test.', since: at, ...more };
}

async function open(who: Actor, payload = opening(), halting: 'halts' | 'does not' = 'halts') {
  const { programmeEpoch } = await callAs(server.url, who, personRoutes.programmeState);
  const wanted = { v: 1, kind: 'halt', programme: programme(), at: instant() } as const;
  const halt = await sign({ ...wanted, programmeEpoch: programmeEpoch + 1 }, who.signer);
  const body = {
    incident: await sign(payload, who.signer),
    halt: halting === 'halts' ? halt : null,
  };
  return callAs(server.url, who, incidentRoutes.openIncident, { body });
}

async function report(who: Actor, more: Partial<ProbeReport> = {}) {
  const at = instant();
  const payload: ProbeReport = {
    ...{ v: 1, kind: 'probe-report', programme: programme(), nonce: toHex(randomBytes(32)) },
    ...{ startedAt: at, endedAt: at, findings: [], untried: [] },
    paths: [{ path: 'GET /v1/jobs/{id}', identity: 'stranger', denied: 2 }],
    ...more,
  };
  const body = { report: await sign(payload, who.signer) };
  return callAs(server.url, who, incidentRoutes.reportProbes, { body });
}

async function close(who: Actor, probes: number, fixedAt = instant()) {
  const closing: IncidentClosed = {
    ...{ v: 1, kind: 'incident-closed', programme: programme(), incident, at: instant() },
    ...{ fixedAt, probes, exposed: 'nothing', controlsFailed: ['a test'] },
    ...{ accessChanged: 'nothing', retentionChanged: 'nothing' },
  };
  const params = { id: incident };
  const body = { closing: await sign(closing, who.signer) };
  return callAs(server.url, who, incidentRoutes.closeIncident, { params, body });
}

async function entries() {
  const files = await LedgerFiles.open(join(sample.settings.dataFolder, 'ledger'));
  const checkpoint = Buffer.from((await files.readTile('checkpoint')) ?? []).toString('utf8');
  const size = Number(checkpoint.split('\n')[1]);
  const root = await treeRoot(tileHashReader(files, size), size);
  const found = [];
  for await (const { bytes } of readEntries(files, { size, root }, 0))
    found.push(decodeEntry(bytes));
  return found;
}

test('who may halt opens an incident; all but a note needs the halt', async () => {
  await expect(open(sample.researcher)).rejects.toThrow(/no part/);
  await expect(open(sample.steward, opening(), 'does not')).rejects.toThrow(/sign a halt/);
  const note = opening({ severity: 5, incident: idOf('inc', randomBytes(32)) });
  expect(await open(sample.steward, note, 'does not')).toMatchObject({ halted: false });
});

test('a prober opens one with its own key, and the programme stands still', async () => {
  const view = await open(sample.prober, opening({ cause: 'probe', since: joinedAt }));
  expect(view).toMatchObject({ halted: true, severity: 2, closedAt: null });
  expect(Date.parse(view.notifyBy) - Date.parse(view.openedAt)).toBe(72 * 3_600_000);
  expect(view.missing).toEqual(['probes have not run since it was opened']);
  expect(view.affected).toMatchObject({ participants: 1, pseudonyms: [] });
  const led = await callAs(server.url, sample.incident, incidentRoutes.incident, {
    params: { id: incident },
  });
  expect(led.affected.pseudonyms).toEqual([ann.pseudonym]);
});

test('an agent counts as stopped once it was told, or its lease has ended', async () => {
  const params = { id: incident };
  const look = () => callAs(server.url, sample.incident, incidentRoutes.incident, { params });
  expect((await look()).agents).toMatchObject({ counted: 1, stopped: 0, allStopped: false });
  const { manifest, consentEpoch } = ann.consent;
  const body = { consentEpoch, manifest: manifest ?? '' };
  await expect(callAs(server.url, ann, deviceRoutes.lease, { body })).rejects.toThrow(/halted/);
  expect((await look()).agents).toMatchObject({ counted: 1, stopped: 1, allStopped: true });
});

test('a prober neither resumes nor closes, and reads nothing else', async () => {
  await expect(close(sample.prober, 0)).rejects.toThrow(/no part/);
  const resume = { v: 1, kind: 'resume', programme: programme(), at: instant() } as const;
  const statement = await sign({ ...resume, programmeEpoch: 3 }, sample.prober.signer);
  const declared = callAs(server.url, sample.prober, personRoutes.declare, { body: { statement } });
  await expect(declared).rejects.toThrow(/do this/);
  const { releases } = await callAs(server.url, sample.prober, personRoutes.releases);
  expect(releases).toEqual([]);
});

test('nothing resumes while an incident is open', async () => {
  const resume = { v: 1, kind: 'resume', programme: programme(), at: instant() } as const;
  const payload = { ...resume, programmeEpoch: 3 };
  const statement = await sign(payload, sample.officer.signer, sample.steward.signer);
  const declared = callAs(server.url, sample.officer, personRoutes.declare, {
    body: { statement },
  });
  await expect(declared).rejects.toThrow(/close it before/);
});

test('it closes only with whole probes that found nothing since it was mended', async () => {
  await expect(close(sample.incident, 0)).rejects.toThrow(/run them/);
  const finding = { path: 'GET /v1/jobs/{id}', identity: 'stranger', what: 'read' } as const;
  const red = await report(sample.prober, { findings: [finding] });
  await expect(close(sample.incident, red.index)).rejects.toThrow(/found nothing/);
  const partly = await report(sample.prober, { untried: ['POST /v1/new'] });
  await expect(close(sample.incident, partly.index)).rejects.toThrow(/found nothing/);
  await expect(report(sample.steward)).rejects.toThrow(/no part/);
  const mended = instant();
  const green = await report(sample.prober);
  const later = instant(Date.now() + 60_000);
  await expect(close(sample.incident, green.index, later)).rejects.toThrow(/run them/);
  expect(await close(sample.incident, green.index, mended)).toMatchObject({ missing: [] });
  const board = await callAs(server.url, sample.incident, incidentRoutes.probeBoard);
  expect(board.rounds).toHaveLength(3);
  expect(board.paths).toMatchObject([{ path: 'GET /v1/jobs/{id}', identity: 'stranger' }]);
  expect(board.paths[0]?.openAt).not.toBeNull();
});

test('what happened stands in the ledger, and everyone reads the report', async () => {
  const kinds = (await entries()).map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === 'incident.opened')).toHaveLength(2);
  expect(kinds.filter((kind) => kind === 'incident.closed')).toHaveLength(1);
  expect(kinds.filter((kind) => kind === 'probes.run')).toHaveLength(3);
  const { reports } = await callAs(server.url, undefined, incidentRoutes.report);
  expect(reports).toMatchObject([{ id: incident, closing: { exposed: 'nothing' } }, {}]);
  expect(JSON.stringify(reports)).not.toContain(ann.pseudonym);
});

test('whom it concerns is told, others are not', async () => {
  const annsNotices = await callAs(server.url, ann, incidentRoutes.notices);
  expect(annsNotices.notices).toMatchObject([{ id: incident }]);
  expect(await callAs(server.url, bob, incidentRoutes.notices)).toEqual({ notices: [] });
});

test('the blast radius says that its grantee alone could read what is not theirs', async () => {
  const params = { id: incident };
  const radius = await callAs(server.url, sample.steward, incidentRoutes.blastRadius, { params });
  expect(radius).toMatchObject({ artifacts: 1, didRead: [], unexplained: 0 });
  const reached = radius.couldHaveRead.filter(
    ({ byPolicy, byStorage }) => byPolicy + byStorage > 0,
  );
  expect(reached).toEqual([{ identity: sample.researcher.id, byPolicy: 1, byStorage: 0 }]);
  expect(JSON.stringify(radius)).not.toContain(ann.pseudonym);
  const asked = callAs(server.url, sample.prober, incidentRoutes.blastRadius, { params });
  await expect(asked).rejects.toThrow(/no part/);
});

test('the evidence holds the signed statements with their places in the ledger', async () => {
  const params = { id: incident };
  const evidence = await callAs(server.url, sample.incident, incidentRoutes.evidence, { params });
  const kinds = evidence.statements.map(({ statement }) => JSON.stringify(statement));
  expect(kinds.some((text) => text.includes('"incident-closed"'))).toBe(true);
  expect(evidence.reports).toHaveLength(3);
});
