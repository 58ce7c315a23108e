// `login claim`: this home's key signs that an open login is its own.
import { sign } from '@handrail/core/statement';
import { call, loginRoutes } from '@handrail/core/wire';
import { instantNow } from '../../home/desk.ts';
import type { Session } from '../../session.ts';
import type { LinkOptions } from './command.ts';
import { keyOfHome } from './key-of-home.ts';

export async function run({ home, out }: Session, options: LinkOptions): Promise<undefined> {
  const { issuer, subject, code } = options;
  const { kind, programme, signer, client } = await keyOfHome(home, options.url);
  const at = instantNow();
  const payload = { v: 1, kind: 'login-link', programme, issuer, subject, code, at } as const;
  const route = kind === 'person' ? loginRoutes.personLink : loginRoutes.deviceLink;
  await call(client, route, { body: { statement: await sign(payload, signer) } });
  out.print({ issuer, subject }, [`The login ${subject} at ${issuer} is yours: it may stop.`]);
}
