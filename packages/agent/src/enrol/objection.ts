// An objection to a purpose, signed by this device: from then on the vault leaves the data out.
import { type Objection, type Purpose, sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';
import { deviceSigner, type Home } from '../home/home.ts';
import { instantNow } from './withdraw.ts';

/** Gives the ledger's leaf. */
export async function objectTo(home: Home, purpose: Purpose): Promise<number> {
  const device = await home.device();
  const signer = await deviceSigner(device);
  const { programme, pseudonym } = device;
  const { consentEpoch } = device.consent.payload;
  const payload: Objection = {
    ...({ v: 1, kind: 'objection', programme, pseudonym, consentEpoch, purpose } as const),
    at: instantNow(),
  };
  const statement = await sign(payload, signer);
  const client = clientOf(device.url, signer);
  return (await call(client, deviceRoutes.state, { body: { statement } })).index;
}
