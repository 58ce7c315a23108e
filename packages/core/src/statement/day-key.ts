// A participant's public key of one consent epoch, tier and UTC day, signed by the vault, so that
// the server can hand keys out but never offer its own.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { publicKeySchema } from './envelope.ts';

export const dayKeySchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('day-key'),
  programme: idSchema('prog'),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1),
  tier: z.enum(['raw', 'trajectory']),
  /** UTC day, `2026-11-23`. */
  day: z.iso.date(),
  /** X25519, base64url. */
  publicKey: publicKeySchema,
});
export type DayKey = z.infer<typeof dayKeySchema>;
