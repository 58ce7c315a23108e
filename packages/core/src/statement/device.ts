// The end of a device: it records and reads nothing more, for good. It may still take things back.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { instantSchema } from './envelope.ts';

/** Signed by the device itself, or by a steward, an officer or an incident commander. */
export const deviceRevocationSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('device-revocation'),
  programme: idSchema('prog'),
  /** A pseudonym has one device: who goes on with another joins again. */
  pseudonym: idSchema('part'),
  at: instantSchema,
});
export type DeviceRevocation = z.infer<typeof deviceRevocationSchema>;
