// `mine quarantine`: one line per segment that waits, without content.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { call, deviceRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';

export async function run({ home, out }: Session): Promise<undefined> {
  const device = await new Home(home).device();
  const client = clientOf(device.url, await deviceSigner(device));
  const { segments } = await call(client, deviceRoutes.quarantine, {});
  const lines = segments.map(({ id, day, reason }) => `${id} ${day}: ${reason}`);
  out.print({ segments }, lines.length > 0 ? lines : ['Nothing of yours is in quarantine.']);
}
