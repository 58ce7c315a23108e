// What the walk carries from step to step: the organisation, the desk, the device, and what came
// out so far. Each step of the walk is a function over this.
import { Capture } from '@handrail/agent/capture';
import { clientOf } from '@handrail/agent/home/client';
import { type Device, deviceSigner, Home } from '@handrail/agent/home/home';
import { Outbox } from '@handrail/agent/outbox';
import { Sealer } from '@handrail/agent/segment/sealer';
import { DayKeys, LeaseHolder } from '@handrail/core/device';
import { Gate } from '@handrail/core/gate';
import type { FinishedDraft } from '@handrail/core/recorder';
import type { ManifestFile } from '@handrail/core/statement';
import { type StagedDisplay, startDisplay } from '@handrail/testbed/display/display';
import { waitFor } from '@handrail/testbed/display/observed';
import {
  agreeManifest,
  type Organisation,
  startOrganisation,
} from '@handrail/testbed/organisation';
import { serveForm } from './form.ts';

export interface Walk {
  readonly organisation: Organisation;
  readonly display: StagedDisplay;
  readonly home: Home;
  readonly device: Device;
  readonly gate: Gate;
  readonly capture: Capture;
  readonly sealer: Sealer;
  readonly outbox: Outbox;
  readonly finished: FinishedDraft[];
  /** What the person types: plain words, and a value that nobody may find again. */
  readonly words: string;
  readonly secret: string;
}

/** Everything is started and the page has the focus; nothing is captured yet. */
export async function begin(stack: AsyncDisposableStack, secret: string): Promise<Walk> {
  const organisation = stack.use(await startOrganisation());
  const origin = await serveForm(stack);
  await agreeManifest(organisation, [{ app: 'chromium', origin, mode: 'full' }]);
  const home = new Home(organisation.path('participant'));
  const { url, invite } = organisation;
  await organisation.handrail(
    home.folder,
    'join',
    url,
    '--invite',
    invite,
    '--name',
    'A',
    '--accept',
  );
  const device = await home.device();
  const signer = await deviceSigner(device);
  const client = clientOf(url, signer);
  const outbox = await Outbox.open(home, client);
  const display = stack.use(await startDisplay({ width: 1280, height: 800, bus: true }));
  await display.startChromium(origin);
  const manifest = device.manifest?.payload.manifest;
  if (!manifest) throw new Error('No manifest was accepted.');
  const finished: FinishedDraft[] = [];
  const gate = new Gate(manifest, true);
  const capture = stack.use(await startCapture(display, gate, manifest, finished));
  const dayKeys = new DayKeys(device);
  await waitFor('the day keys', async () => {
    await dayKeys.refresh(client);
    return dayKeys.isEmpty ? undefined : true;
  });
  const sealer = new Sealer({
    device,
    signer,
    dayKeys,
    spool: outbox.spool,
    contexts: manifest.contexts,
    manifest: device.consent.payload.manifest ?? '',
    display: 'virtual',
    programmeEpoch: () => 1,
    reviewWindowMs: 0,
    toUnixMs: (atMs) => Date.now() - performance.now() + atMs,
  });
  const { consentEpoch, manifest: hash } = device.consent.payload;
  const lease = await new LeaseHolder(client, { consentEpoch, manifest: hash ?? '' }).refresh(1);
  if (lease.kind !== 'live') throw new Error(`No lease: ${lease.because}`);
  const words = 'quarterly travel';
  return {
    organisation,
    display,
    home,
    device,
    gate,
    capture,
    sealer,
    outbox,
    finished,
    words,
    secret,
  };
}

async function startCapture(
  display: StagedDisplay,
  gate: Gate,
  manifest: ManifestFile,
  finished: FinishedDraft[],
): Promise<Capture> {
  const capture = await Capture.start({
    display: display.display,
    sessionBus: display.busAddress,
    clock: () => performance.now(),
    gate,
    manifest,
    known: () => [],
    onDraft: (draft) => finished.push(draft),
    onEnd: () => undefined,
    onChange: () => undefined,
  });
  capture.indicator.show('recording');
  await waitFor('a frame of the page', () => {
    return capture.recorder.isReady && capture.indicator.healthy() ? true : undefined;
  });
  return capture;
}
