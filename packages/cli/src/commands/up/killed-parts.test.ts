import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HandrailError } from '@handrail/core/errors';
import type { CapturedEvent } from '@handrail/core/events';
import { idOf } from '@handrail/core/ids';
import { apply } from '@handrail/core/redact';
import { randomBytes } from '@handrail/core/seal';
import { encodeContent, sealSegment, textSurfaces } from '@handrail/core/segment';
import { deviceRoutes, publicRoutes } from '@handrail/core/wire';
import {
  agreeManifest,
  type Organisation,
  startOrganisation,
} from '@handrail/testbed/organisation';
import {
  callAs,
  headerOf,
  joinAs,
  type Participant,
  type SampleProgramme,
  sampleProgramme,
} from '@handrail/testbed/sample-programme';
import { afterAll, beforeAll, expect, test } from 'vitest';

const parts = ['server', 'vault', 'witness'] as const;
/** `up` gives a part up after more deaths in a row. */
const killsPerPart = 3;
const uploads = 20;
const contexts = [{ app: 'mousepad', mode: 'full' }] as const;
const events: readonly CapturedEvent[] = [
  { kind: 'display', atMs: 0, epoch: 1, width: 320, height: 200, scale: 1 },
  { kind: 'window', atMs: 0, context: 0 },
  { kind: 'button', atMs: 100, x: 5, y: 5, button: 'left', modifiers: [], down: true },
  { kind: 'button', atMs: 160, x: 5, y: 5, button: 'left', modifiers: [], down: false },
];

let organisation: Organisation;
let sample: SampleProgramme;
let device: Participant;

beforeAll(async () => {
  organisation = await startOrganisation();
  await agreeManifest(organisation, contexts);
  const [inviteToken = '', fingerprint = ''] = organisation.invite.split('.');
  const { charter, manifest } = await callAs(organisation.url, undefined, publicRoutes.programme);
  const other = await sampleProgramme(organisation.path('unused'));
  const settings = { ...other.settings, inviteToken };
  sample = { ...other, charter, fingerprint, settings };
  device = await joinAs(organisation.url, sample, manifest?.payload);
}, 180_000);

afterAll(() => organisation?.[Symbol.asyncDispose](), 120_000);

/** Asks until the answer comes: the parts are away now and then. */
async function insistently<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      const away = !(error instanceof HandrailError) || passing.includes(error.code);
      if (!away) throw error;
    }
    await delay(200);
  }
}

const passing = ['unreachable', 'timeout', 'rate.limited', 'internal', 'signature.invalid'];

async function segment(sealedTo: string, day: string) {
  const header = headerOf(sample, device, sealedTo, {
    day,
    session: idOf('ses', randomBytes(32)),
  });
  const texts = apply({ surfaces: textSurfaces(events) }, { findings: [] });
  const content = { v: 1, startedAtMs: Date.now(), frames: [], findings: [] } as const;
  const bytes = encodeContent({ ...content, contexts: [...contexts], events }, texts);
  return sealSegment(header, bytes, device.signer);
}

async function pidOf(part: string): Promise<number> {
  const path = organisation.path(join('data', 'run', 'children.json'));
  return JSON.parse(await readFile(path, 'utf8'))[part]?.pid ?? 0;
}

async function killInTurns(done: AbortSignal): Promise<number> {
  const order = parts.flatMap((part) => Array.from({ length: killsPerPart }, () => part));
  order.sort(() => Math.random() - 0.5);
  let kills = 0;
  for (const part of order) {
    await delay(500 + Math.random() * 1_500);
    const pid = await pidOf(part);
    if (done.aborted || pid === 0) break;
    process.kill(pid, 'SIGKILL');
    kills += 1;
    await insistently(async () => ((await pidOf(part)) === pid ? undefined : true));
  }
  return kills;
}

test('whichever part is killed when, nothing that was accepted is lost', {
  timeout: 180_000,
}, async () => {
  const { url } = organisation;
  const key = await insistently(async () => {
    const { keys } = await callAs(url, device, deviceRoutes.dayKeys);
    return keys[0]?.payload;
  });
  const done = new AbortController();
  const killing = killInTurns(done.signal);
  for (let upload = 0; upload < uploads; upload++) {
    const { id, bytes: body } = await segment(key.publicKey, key.day);
    const params = { id };
    await insistently(() => callAs(url, device, deviceRoutes.putSegment, { params, body }));
    await delay(500);
  }
  expect(await killing).toBe(killsPerPart * parts.length);
  const counts = await insistently(async () => {
    const now = await callAs(url, device, deviceRoutes.segmentCounts);
    return now.waiting === 0 ? now : undefined;
  });
  expect(counts).toMatchObject({ accepted: uploads, refined: uploads, rejected: 0 });
  const { trajectories } = await callAs(url, device, deviceRoutes.trajectories);
  expect(trajectories).toHaveLength(uploads);
  const verified = await organisation.run('ledger', 'verify', '--home', organisation.stewardHome);
  expect(verified.code).toBe(0);
});
