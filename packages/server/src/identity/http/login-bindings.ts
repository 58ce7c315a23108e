// What a login is answered: who it is, whether the programme runs; and what it may stop.
import { idSchema, roleSchema } from '@handrail/core/statement';
import { z } from 'zod';
import type { ServerContext } from '../../context.ts';
import { instantOf } from '../../governance/instant.ts';
import { identityOf } from '../identities.ts';
import { endLogin, type Login } from '../logins.ts';
import { codeOf, secretPattern } from '../secret.ts';
import { stopDevice, stopProgramme } from '../stops.ts';
import { useTicket } from '../tickets.ts';
import { goneCookie, loginCookie } from './cookie.ts';
import { forLogin, forSignIn, type LoginBinding, notSignedIn, signIn } from './login-route.ts';

const ticketBody = z.object({ identity: z.string() });
const stateReply = z.object({ state: z.enum(['running', 'halted']), programmeEpoch: z.int() });

const whoReply = z.object({
  issuer: z.string(),
  subject: z.string(),
  holder: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('nobody') }),
    z.object({ kind: z.literal('person'), id: idSchema('pers'), role: roleSchema }),
    z.object({ kind: z.literal('participant'), pseudonym: idSchema('part') }),
  ]),
  /** A key that names it, with issuer and subject, makes this login its own. */
  code: z.string(),
  until: z.string(),
});

export function loginBindings(context: ServerContext): readonly LoginBinding[] {
  return [...comingAndGoing(context), ...stops(context)];
}

function comingAndGoing(context: ServerContext): readonly LoginBinding[] {
  return [
    forSignIn(
      {
        method: 'POST',
        path: '/v1/login/ticket',
        caller: 'anyone',
        body: z.strictObject({ ticket: z.string().regex(secretPattern) }),
        reply: 'none',
        says: 'Signs in with a ticket that a key asked for.',
      },
      async (call) => {
        const given = ticketBody.safeParse(await useTicket(context, 'sign-in', call.body.ticket));
        if (!given.success) throw notSignedIn();
        const identity = await identityOf(context.db, given.data.identity);
        return signIn(context, call, identity?.active ? identity : undefined);
      },
    ),
    forLogin(
      {
        method: 'GET',
        path: '/v1/login/me',
        caller: 'login',
        body: 'none',
        reply: whoReply,
        says: 'Who is signed in, and whose key says so.',
      },
      async (login) => who(login),
    ),
    forLogin(
      {
        method: 'POST',
        path: '/v1/login/end',
        caller: 'login',
        body: 'none',
        reply: 'none',
        says: 'Signs out.',
      },
      async ({ secret }, call) => {
        await endLogin(context, secret);
        call.setCookie(goneCookie(loginCookie));
        return undefined;
      },
    ),
  ];
}

function stops(context: ServerContext): readonly LoginBinding[] {
  return [
    forLogin(
      {
        method: 'GET',
        path: '/v1/login/programme',
        caller: 'login',
        body: 'none',
        reply: stateReply,
        says: 'Whether the programme runs.',
      },
      async () => stateOf(context),
    ),
    forLogin(
      {
        method: 'POST',
        path: '/v1/login/programme/stop',
        caller: 'login',
        body: 'none',
        reply: stateReply,
        says: 'Stops capture and every opening; going on takes a resume that keys sign.',
      },
      async ({ holder }) => {
        await stopProgramme(context, holder);
        return stateOf(context);
      },
    ),
    forLogin(
      {
        method: 'POST',
        path: '/v1/login/device/stop',
        caller: 'login',
        body: 'none',
        reply: 'none',
        says: 'Ends one’s own device, such as a lost one, for good.',
      },
      async ({ holder }) => stopDevice(context, holder),
    ),
  ];
}

function who({ secret, identity, holder, until }: Login): z.infer<typeof whoReply> {
  const { issuer, subject } = identity;
  const common = { issuer, subject, code: codeOf(secret), until: instantOf(until * 1000) };
  if (holder.kind === 'nobody') return { ...common, holder };
  if (holder.kind === 'participant') {
    const { pseudonym } = holder.participant;
    return { ...common, holder: { kind: 'participant', pseudonym } };
  }
  const { id, role } = holder.person;
  return { ...common, holder: { kind: 'person', id, role } };
}

function stateOf({ programme }: ServerContext): z.infer<typeof stateReply> {
  const { halted, programmeEpoch } = programme.inForce;
  return { state: halted ? 'halted' : 'running', programmeEpoch };
}
