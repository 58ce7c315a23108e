// A reading session: a fresh key that a reader's own key signed for one trajectory or segment, by
// one right, for a while. What the vault opens for it is sealed to that key: nobody can put in
// another.
import { z } from 'zod';
import { idSchema } from './charter.ts';
import { instantSchema, publicKeySchema } from './envelope.ts';

/** How far ahead `until` may lie. */
export const readingSecondsMax = 3_600;

const common = {
  v: z.literal(1),
  kind: z.literal('reading-session'),
  programme: idSchema('prog'),
  /** A grant that the signer holds, or that what is read is the signer's own. */
  by: z.union([
    z.strictObject({ grant: idSchema('grant') }),
    z.strictObject({ participant: idSchema('part') }),
  ]),
  /** X25519, base64url: made for this session, and forgotten with it. */
  sessionKey: publicKeySchema,
  /** 32 bytes from the vault, base64url: it opens nothing for an older one, nor twice. */
  nonce: publicKeySchema,
  until: instantSchema,
} as const;

/** It names one thing: a trajectory, or a segment as its device sealed it (tier raw). */
export const readingSessionSchema = z.union([
  z.strictObject({ ...common, trajectory: idSchema('traj') }),
  z.strictObject({ ...common, segment: idSchema('seg') }),
]);
export type ReadingSession = z.infer<typeof readingSessionSchema>;

/** What is read: one of these and no other. */
export type ReadingSubject = { readonly trajectory: string } | { readonly segment: string };
