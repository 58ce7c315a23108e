// To the identity provider and back.
import { z } from 'zod';
import type { ServerContext } from '../../context.ts';
import type { Oidc } from '../oidc.ts';
import { ticketSeconds } from '../tickets.ts';
import { cookieText, tripCookie } from './cookie.ts';
import { forSignIn, type LoginBinding, notSignedIn, signIn } from './login-route.ts';

export const callbackPath = '/v1/login/oidc/callback';

export function oidcBindings(context: ServerContext, oidc: Oidc): readonly LoginBinding[] {
  return [
    forSignIn(
      {
        method: 'GET',
        path: '/v1/login/oidc',
        caller: 'anyone',
        body: 'none',
        reply: 'none',
        says: 'Leads to the identity provider.',
      },
      async (call) => {
        const { ticket, address } = await oidc.depart();
        // Lax, since it is the provider's page that leads back here.
        call.setCookie(cookieText(tripCookie, ticket, ticketSeconds, 'Lax'));
        return { redirect: address };
      },
    ),
    forSignIn(
      {
        method: 'GET',
        path: callbackPath,
        caller: 'anyone',
        body: 'none',
        reply: z.object({ signedIn: z.literal(true) }),
        says: 'Takes what the identity provider answered, from the browser that asked.',
      },
      async (call) => {
        const [, query = ''] = call.target.split('?');
        const identity = await oidc.arrive(call.cookie(tripCookie), query);
        if (identity === undefined) throw notSignedIn();
        await signIn(context, call, identity);
        return { signedIn: true } as const;
      },
    ),
  ];
}
