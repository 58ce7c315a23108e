// The leases of two devices, held by the agent's own code: one hears of the halt, the other is cut
// off from everything at that moment.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { LeaseHolder } from '@handrail/core/device';
import { HandrailError } from '@handrail/core/errors';
import { manifestHash } from '@handrail/core/statement';
import type { ClientContext } from '@handrail/core/wire';

export interface DeviceLease {
  readonly holder: LeaseHolder;
  cutOff(): void;
}

/** A device that may capture. Throws where it is given no leave. */
export async function leaseOf(homeFolder: string, url: string): Promise<DeviceLease> {
  const device = await new Home(homeFolder).device();
  const line = clientOf(url, await deviceSigner(device));
  let isCut = false;
  const client: ClientContext = {
    ...line,
    transport: (request) => {
      if (isCut) throw new HandrailError('unreachable', 'The line is cut.');
      return line.transport(request);
    },
  };
  const { consentEpoch } = device.consent.payload;
  const manifest = device.manifest === null ? '' : manifestHash(device.manifest.payload);
  const holder = new LeaseHolder(client, { consentEpoch, manifest });
  const { kind } = await holder.refresh(1);
  if (kind !== 'live') throw new HandrailError('internal', 'A device of the drill got no lease.');
  return {
    holder,
    cutOff: () => {
      isCut = true;
    },
  };
}
