// Who a home belongs to: a person of the charter, or a participant's device. Each has a key.
import { join } from 'node:path';
import { clientOf } from '@handrail/agent/home/client';
import { readFileIfAny } from '@handrail/agent/home/files';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import type { Signer } from '@handrail/core/seal';
import type { ClientContext } from '@handrail/core/wire';
import { openDesk } from '../../home/desk.ts';

export interface KeyOfHome {
  readonly kind: 'person' | 'device';
  readonly url: string;
  readonly programme: string;
  readonly signer: Signer;
  readonly client: ClientContext;
}

export async function keyOfHome(home: string, url: string | undefined): Promise<KeyOfHome> {
  if ((await readFileIfAny(join(home, 'person.json'))) !== undefined) {
    const { person, signer, charter, client } = await openDesk(home, url);
    const address = url ?? person.programme?.url ?? '';
    return { kind: 'person', url: address, programme: charter.programme, signer, client };
  }
  const device = await new Home(home).device();
  const signer = await deviceSigner(device);
  const address = url ?? device.url;
  const { programme } = device;
  return { kind: 'device', url: address, programme, signer, client: clientOf(address, signer) };
}
