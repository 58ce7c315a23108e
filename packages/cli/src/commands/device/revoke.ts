// `device revoke`: nothing that this device seals from now on is taken or opened, by the server or
// the vault. One that is lost is ended by a person of the charter, or, at the server, by a login.
import { clientOf } from '@handrail/agent/home/client';
import { deviceSigner, Home } from '@handrail/agent/home/home';
import { HandrailError } from '@handrail/core/errors';
import { type DeviceRevocation, sign } from '@handrail/core/statement';
import { call, loginRoutes } from '@handrail/core/wire';
import { instantNow, openDesk } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { DeviceOptions } from './command.ts';

export async function run(
  session: Session,
  options: DeviceOptions,
  pseudonym?: string,
): Promise<undefined> {
  if (options.yes !== true) {
    throw new HandrailError('usage.invalid', 'This cannot be undone: repeat it with --yes.');
  }
  if (pseudonym === undefined) await revokeOwn(session);
  else await revokeOf(session, options, pseudonym);
}

async function revokeOwn({ home, out }: Session): Promise<void> {
  const device = await new Home(home).device();
  const signer = await deviceSigner(device);
  const { programme, pseudonym } = device;
  const body = { statement: await sign(revocation(programme, pseudonym), signer) };
  await call(clientOf(device.url, signer), loginRoutes.revokeDevice, { body });
  out.print({ device: device.device, revoked: true }, [
    'This device is ended: nothing is recorded or taken from it. It can still withdraw and erase.',
  ]);
}

async function revokeOf(
  { home, out }: Session,
  { url }: DeviceOptions,
  pseudonym: string,
): Promise<void> {
  const { client, signer, charter } = await openDesk(home, url);
  const body = { statement: await sign(revocation(charter.programme, pseudonym), signer) };
  await call(client, loginRoutes.endDevice, { body });
  out.print({ pseudonym, revoked: true }, [
    `The device of ${pseudonym} is ended: nothing it seals from now on is taken or opened.`,
  ]);
}

function revocation(programme: string, pseudonym: string): DeviceRevocation {
  return { v: 1, kind: 'device-revocation', programme, pseudonym, at: instantNow() };
}
