// A person's or participant's key says that a login is theirs. It gives that login no right but to
// stop things; without it, whoever takes an identity provider over could stop in anybody's name.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { instantSchema } from './envelope.ts';

const nameSchema = z.string().min(1).max(255);

export const loginLinkSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('login-link'),
  programme: idSchema('prog'),
  /** As the identity provider names itself and the user. */
  issuer: nameSchema,
  subject: nameSchema,
  /** Shown to the login itself and to nobody else, base64url. */
  code: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  at: instantSchema,
});
export type LoginLink = z.infer<typeof loginLinkSchema>;
