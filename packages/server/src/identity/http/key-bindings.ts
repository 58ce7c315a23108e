// What a key is answered about logins: the tickets, links and ends that only it can ask for.
import { HandrailError } from '@handrail/core/errors';
import { loginRoutes, type TicketPurpose } from '@handrail/core/wire';
import type { ServerContext } from '../../context.ts';
import { revokeDeviceOf, revokeOwnDevice } from '../../governance/devices.ts';
import { instantOf } from '../../governance/instant.ts';
import { type Binding, forDevice, forPerson } from '../../http/binding.ts';
import {
  type Holder,
  linkIdentity,
  ownIdentity,
  participantHolding,
  personHolding,
} from '../identities.ts';
import { newTicket } from '../tickets.ts';

export function loginKeyBindings(context: ServerContext): readonly Binding[] {
  const routes = loginRoutes;
  return [
    forPerson(routes.personTicket, ({ body }, who) =>
      ticketFor(context, body.purpose, personHolding(who)),
    ),
    forPerson(routes.personLink, ({ body }, who) =>
      linkIdentity(context, body.statement, personHolding(who)),
    ),
    forDevice(routes.deviceTicket, ({ body }, who) =>
      ticketFor(context, body.purpose, participantHolding(who)),
    ),
    forDevice(routes.deviceLink, ({ body }, who) =>
      linkIdentity(context, body.statement, participantHolding(who)),
    ),
    forPerson(routes.endDevice, ({ body }, who) => revokeDeviceOf(context, body.statement, who)),
    forDevice(routes.revokeDevice, ({ body }, who) =>
      revokeOwnDevice(context, body.statement, who),
    ),
  ];
}

async function ticketFor(context: ServerContext, purpose: TicketPurpose, by: Holder) {
  const identity = await ownIdentity(context, by);
  if (identity === undefined) {
    throw new HandrailError('access.denied', 'This login was ended.');
  }
  const { ticket, until } = await newTicket(context, purpose, { identity: identity.id });
  return { ticket, until: instantOf(until * 1000) };
}
