// What a participant decides about a segment in quarantine, signed by this device.
import { type QuarantineDecision, sign } from '@handrail/core/statement';
import { call, deviceRoutes } from '@handrail/core/wire';
import { clientOf } from '../home/client.ts';
import { deviceSigner, type Home } from '../home/home.ts';
import { instantNow } from './withdraw.ts';

/** Gives the ledger's leaf. Throws `not.found` when it is not in quarantine any more. */
export async function decideQuarantine(
  home: Home,
  kind: QuarantineDecision['kind'],
  segment: string,
): Promise<number> {
  const device = await home.device();
  const signer = await deviceSigner(device);
  const { programme, pseudonym } = device;
  const { consentEpoch } = device.consent.payload;
  const payload: QuarantineDecision = {
    ...({ v: 1, kind, programme, pseudonym, consentEpoch, segment } as const),
    at: instantNow(),
  };
  const statement = await sign(payload, signer);
  const client = clientOf(device.url, signer);
  return (await call(client, deviceRoutes.state, { body: { statement } })).index;
}
