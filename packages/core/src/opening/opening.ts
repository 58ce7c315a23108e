// What the entries of an opening commit to: who opened, for what, and under which grant; and apart
// from that, for each participant concerned, what of theirs it was. Nobody is told of another.
import { z } from 'zod';
import { entryKinds } from '../ledger/index.ts';
import { idSchema, roleSchema } from '../statement/index.ts';

export const openedIdsMax = 100_000;

/** Who asked: the programme's own standing job, the participant, or a person of the charter. */
export const openedBySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('programme') }),
  z.strictObject({ kind: z.literal('owner') }),
  z.strictObject({ kind: z.literal('person'), id: idSchema('pers'), role: roleSchema }),
]);
export type OpenedBy = z.infer<typeof openedBySchema>;

/** What all participants of an entry are told; more may be committed to than is named here. */
export const openingSchema = z.looseObject({
  v: z.literal(1),
  kind: z.enum(entryKinds),
  job: idSchema('job'),
  purpose: z.string().max(64),
  tier: z.string().max(64),
  by: openedBySchema,
  grant: idSchema('grant').optional(),
  release: idSchema('rel').optional(),
  /** Root (base64url) and number of the parts: an RFC 6962 tree over their commitments. */
  parts: z.strictObject({ size: z.int().min(1), root: z.string().max(64) }),
});
export type Opening = z.infer<typeof openingSchema>;

/** What was opened of one participant. */
export const openingPartSchema = z.strictObject({
  v: z.literal(1),
  pseudonym: idSchema('part'),
  consentEpoch: z.int().min(1),
  /** Segments, trajectories or releases. */
  ids: z.array(z.string().max(64)).max(openedIdsMax),
});
export type OpeningPart = z.infer<typeof openingPartSchema>;
