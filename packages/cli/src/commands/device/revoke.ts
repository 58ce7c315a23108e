// `device revoke`: the server takes no recording and no request of this device any more. A device
// that is lost is ended by its owner's login instead.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import { call, loginRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import type { DeviceOptions } from './command.ts';

export async function run({ home, out }: Session, { yes }: DeviceOptions): Promise<undefined> {
  const device = await new Home(home).device();
  if (yes !== true) {
    throw new HandrailError('usage.invalid', 'This cannot be undone: repeat it with --yes.');
  }
  await call(clientOf(device.url, await deviceSigner(device)), loginRoutes.revokeDevice, {});
  out.print({ device: device.device, revoked: true }, [
    'This device is ended: nothing is recorded or taken from it. It can still withdraw and erase.',
  ]);
}
