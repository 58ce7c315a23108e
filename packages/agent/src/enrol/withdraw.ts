// Leaving: at once on this device, where nothing that waited to be sent is left, and at the
// organisation as soon as there is a line.
import { sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';
import { deviceSigner, type Home } from '../home/home.ts';
import { Spool } from '../spool/spool.ts';

/** Throws `unreachable` where the organisation is not told yet; it holds here all the same. */
export async function withdraw(home: Home, kind: 'withdrawal' | 'erasure'): Promise<void> {
  const device = await home.device();
  await home.saveDevice({ ...device, withdrawn: true, leaving: kind });
  const spool = await Spool.open(home.path('spool'));
  for (const { id } of spool.notes()) await spool.drop(id);
  await tellLeaving(home);
}

/** Tells the organisation what it has not been told yet, signed as of now. */
export async function tellLeaving(home: Home): Promise<void> {
  const { leaving, ...device } = await home.device();
  if (leaving === undefined) return;
  const signer = await deviceSigner(device);
  const { programme, pseudonym, consentEpoch } = device.consent.payload;
  const common = { v: 1, programme, pseudonym, consentEpoch, at: instantNow() } as const;
  const statement =
    leaving === 'withdrawal'
      ? await sign({ ...common, kind: 'withdrawal' as const }, signer)
      : await sign({ ...common, kind: 'erasure' as const }, signer);
  await call(clientOf(device.url, signer), deviceRoutes.state, { body: { statement } });
  await home.saveDevice(device);
}

export function instantNow(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}
