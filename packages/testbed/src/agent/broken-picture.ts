// Hands in, as the device of a home, a segment whose one picture is broken: the vault cannot mask
// what it cannot read.
import { setTimeout as delay } from 'node:timers/promises';
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { Outbox } from '@handrail/agent/outbox';
import { Sealer } from '@handrail/agent/segment/sealer';
import { DayKeys, utcDay } from '@handrail/core/device';
import { Draft } from '@handrail/core/recorder';

const size = { width: 320, height: 200 } as const;

/** `typed` goes in with it, under the first context of the home's manifest. */
export async function handInBrokenPicture(folder: string, typed: string): Promise<void> {
  const home = new Home(folder);
  const device = await home.device();
  const signer = await deviceSigner(device);
  const client = clientOf(device.url, signer);
  const outbox = await Outbox.open(home, client);
  const dayKeys = new DayKeys(device);
  await dayKeys.waitFor(utcDay(Date.now()), client, () => delay(500));
  const openedAtMs = Date.now();
  const sealer = new Sealer({
    ...{ device, signer, dayKeys, spool: outbox.spool, display: 'virtual', reviewWindowMs: 0 },
    contexts: device.manifest?.payload.manifest.contexts ?? [],
    manifest: device.consent.payload.manifest ?? '',
    programmeEpoch: () => 1,
    toUnixMs: (atMs) => openedAtMs + atMs,
  });
  await sealer.seal({ draft: broken(typed), closes: true });
  await outbox.drain(sealer.session);
}

function broken(text: string): Draft {
  const draft = new Draft(0);
  draft.add({ kind: 'display', atMs: 0, epoch: 1, ...size, scale: 1 });
  draft.add({ kind: 'window', atMs: 0, context: 0 });
  draft.add({ kind: 'run', atMs: 5, endedAtMs: 9, text, keyCount: text.length, field: 0 });
  const frame = { atMs: 1, displayEpoch: 1, ...size, damagePending: false, areas: [], filled: [] };
  const picture = { ...size, tiles: [] };
  const kept = { ...frame, fields: [], nodes: [], image: Uint8Array.of(1, 2, 3) };
  draft.keepFrame({ number: 1, picture, encode: async () => kept });
  return draft;
}
