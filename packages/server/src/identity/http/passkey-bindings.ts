// Enrolling a passkey with a ticket, and signing in with one.
import { z } from 'zod';
import type { ServerContext } from '../../context.ts';
import type { Passkeys } from '../passkeys.ts';
import { secretPattern } from '../secret.ts';
import { forSignIn, type LoginBinding, notSignedIn, signIn } from './login-route.ts';

const ticket = z.string().regex(secretPattern);
const challenge = z.object({ ticket: z.string(), options: z.looseObject({}) });
const answer = z.strictObject({ ticket, response: z.looseObject({}) });
const common = { method: 'POST', caller: 'anyone' } as const;

export function passkeyBindings(
  context: ServerContext,
  passkeys: Passkeys,
): readonly LoginBinding[] {
  return [
    forSignIn(
      {
        ...{ ...common, path: '/v1/login/passkeys/options', reply: challenge },
        body: z.strictObject({ ticket }),
        says: 'Begins to enrol a passkey, with a ticket that a key asked for.',
      },
      async ({ body }) => challenge.parse((await passkeys.creation(body.ticket)) ?? refuse()),
    ),
    forSignIn(
      {
        ...{ ...common, path: '/v1/login/passkeys', body: answer, reply: 'none' },
        says: 'Enrols the passkey that the browser made.',
      },
      async ({ body }) =>
        (await passkeys.enrol(body.ticket, body.response)) ? undefined : refuse(),
    ),
    forSignIn(
      {
        ...{ ...common, path: '/v1/login/passkey/options', body: 'none', reply: challenge },
        says: 'Begins to sign in with a passkey; the same for everybody.',
      },
      async () => challenge.parse(await passkeys.use()),
    ),
    forSignIn(
      {
        ...{ ...common, path: '/v1/login/passkey', body: answer, reply: 'none' },
        says: 'Signs in with a passkey.',
      },
      async (call) =>
        signIn(context, call, await passkeys.used(call.body.ticket, call.body.response)),
    ),
  ];
}

function refuse(): never {
  throw notSignedIn();
}
