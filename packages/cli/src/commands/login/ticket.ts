// `login link`: what this home's key vouches for may sign in once, or enrol one passkey.
import { call, loginRoutes } from '@handrail/core/wire';
import type { Session } from '../../session.ts';
import type { TicketOptions } from './command.ts';
import { keyOfHome } from './key-of-home.ts';

export async function run({ home, out }: Session, options: TicketOptions): Promise<undefined> {
  const { kind, url, client } = await keyOfHome(home, options.url);
  const route = kind === 'person' ? loginRoutes.personTicket : loginRoutes.deviceTicket;
  const body = { purpose: options.for };
  const { ticket, until } = await call(client, route, { body });
  // Never part of an address: those stand in logs, and are fetched by others ahead of people.
  const use = options.for === 'sign-in' ? '/v1/login/ticket' : '/v1/login/passkeys/options';
  out.print({ ticket, until, use: `${url}${use}` }, [
    `${ticket} (for POST ${url}${use})`,
    `It counts once, until ${until}. Whoever has it can stop what you can stop, and read nothing.`,
  ]);
}
