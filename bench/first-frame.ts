// How long its owner waits, from asking for a recording until its first picture is open: on one
// machine, all parts as processes.

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { clientOf } from '@handrail/agent/home/client';
import { type Device, deviceSigner, Home } from '@handrail/agent/home/home';
import { fromBase64url } from '@handrail/core/bytes';
import { DayKeys, utcDay } from '@handrail/core/device';
import { idOf } from '@handrail/core/ids';
import { apply } from '@handrail/core/redact';
import type { Signer } from '@handrail/core/seal';
import {
  encodeContent,
  type SegmentContent,
  sealSegment,
  textSurfaces,
} from '@handrail/core/segment';
import type { CaptureContext } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { agreeManifest, startOrganisation } from '@handrail/testbed/organisation';
import { drawn } from '@handrail/vault/worker/pixels/sample-screen';
import { readChunks } from 'handrail/home/reading';
import { seriesOf } from './frames/series.ts';
import type { BenchResult } from './runner/bench.ts';

const openings = 25;
const size = { width: 1920, height: 1080 } as const;
const context: CaptureContext = { app: 'chromium', origin: 'http://127.0.0.1:9', mode: 'full' };

export async function run(): Promise<BenchResult> {
  await using organisation = await startOrganisation();
  await agreeManifest(organisation, [context]);
  const home = organisation.path('home');
  const { url, invite } = organisation;
  await organisation.handrail(home, 'join', url, '--invite', invite, '--name', 'A', '--accept');
  const device = await new Home(home).device();
  const signer = await deviceSigner(device);
  const client = clientOf(url, signer);
  const days = new DayKeys(device);
  await days.waitFor(utcDay(Date.now()), client, () => delay(500));
  const sealed = await sealedOf(device, signer, days);
  await call(client, deviceRoutes.putSegment, { params: { id: sealed.id }, body: sealed.bytes });
  await organisation.handrail(home, 'wait', '--timeout', '60s');
  const { trajectories } = await call(client, deviceRoutes.trajectories, {});
  const id = trajectories[0]?.id ?? '';
  const { programme, pseudonym: participant } = device;
  const reader = { client, signer, programme, by: { participant } };
  const waits: number[] = [];
  for (let opened = 0; opened < openings; opened++) {
    const fromMs = performance.now();
    for await (const { image } of readChunks(reader, { trajectory: id })) {
      if (image === undefined) continue;
      waits.push(performance.now() - fromMs);
      break;
    }
  }
  waits.sort((a, b) => a - b);
  const at = (share: number) => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0);
  const figures = { openings: waits.length, medianMs: at(0.5), p90Ms: at(0.9), maxMs: at(1) };
  return { name: 'first-frame', figures };
}

/** One click with a full picture from before it, as a device seals it. */
async function sealedOf(device: Device, signer: Signer, days: DayKeys) {
  const { pseudonym, consentEpoch, manifest } = device.consent.payload;
  const { programme, device: id } = device.consent.payload;
  const day = utcDay(Date.now());
  const [step] = seriesOf();
  if (step === undefined) throw new Error('There is nothing to draw.');
  const press = { kind: 'button', x: 900, y: 600, button: 'left' } as const;
  const content: SegmentContent = {
    ...({ v: 1, startedAtMs: Date.now(), contexts: [context], findings: [] } as const),
    events: [
      { kind: 'display', atMs: 0, epoch: 1, ...size, scale: 1 },
      { kind: 'window', atMs: 0, context: 0 },
      { ...press, atMs: 2_000, down: true, modifiers: [] },
      { ...press, atMs: 2_050, down: false, modifiers: [] },
    ],
    frames: [
      {
        ...{ atMs: 1_000, displayEpoch: 1, ...size, damagePending: false, filled: [] },
        areas: [{ context: 0, box: { x: 0, y: 0, ...size } }],
        image: await drawn(step.screen),
      },
    ],
  };
  const texts = apply({ surfaces: textSurfaces(content.events) }, { findings: [] });
  const header = {
    ...({ v: 1, sequence: 0, closes: true, programmeEpoch: 1, display: 'virtual' } as const),
    ...{ programme, pseudonym, device: id, consentEpoch, day },
    session: idOf('ses', fromBase64url(device.consent.payload.deviceKey)),
    manifest: manifest ?? '',
    sealedTo: days.of(day)?.publicKey ?? '',
  };
  return sealSegment(header, encodeContent(content, texts), signer);
}
