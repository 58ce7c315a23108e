// What a key may ask about logins: a ticket for itself, the link to a login, the end of a device.
// What a login itself may ask is in the server's identity/http: it takes a cookie, not a key.
import { z } from 'zod';
import {
  deviceRevocationSchema,
  instantSchema,
  loginLinkSchema,
  signedSchema,
} from '../statement/index.ts';
import { route } from './route.ts';

export const ticketPurposeSchema = z.enum(['sign-in', 'enrol-passkey']);
export type TicketPurpose = z.infer<typeof ticketPurposeSchema>;

const ticket = {
  method: 'POST',
  body: z.strictObject({ purpose: ticketPurposeSchema }),
  reply: z.object({ ticket: z.string(), until: instantSchema }),
  says: 'A ticket for one login or one passkey of who signs this; ten minutes, one use.',
} as const;

const link = {
  method: 'POST',
  body: z.strictObject({ statement: signedSchema(loginLinkSchema) }),
  reply: 'none',
  says: 'Says that the login which shows this code is of who signs this.',
} as const;

export const loginRoutes = {
  personTicket: route({ ...ticket, path: '/v1/logins/tickets', caller: 'person' }),
  personLink: route({ ...link, path: '/v1/logins/links', caller: 'person' }),
  deviceTicket: route({ ...ticket, path: '/v1/mine/logins/tickets', caller: 'device' }),
  deviceLink: route({ ...link, path: '/v1/mine/logins/links', caller: 'device' }),
  endDevice: route({
    method: 'POST',
    path: '/v1/device-revocations',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(deviceRevocationSchema) }),
    reply: 'none',
    says: 'Ends the device of a participant whom the statement names.',
  }),
  revokeDevice: route({
    method: 'POST',
    path: '/v1/mine/device/revocation',
    caller: 'device',
    body: z.strictObject({ statement: signedSchema(deviceRevocationSchema) }),
    reply: 'none',
    says: 'Ends this device for good: from now on it may withdraw and erase, and nothing else.',
  }),
} as const;
