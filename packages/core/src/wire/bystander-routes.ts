// What a bystander may ask without a key, and what persons of the charter decide about it. No route
// takes or gives what is sought.
import { z } from 'zod';
import { requestBytes } from '../bystander/index.ts';
import { bystanderRemovalSchema, digestSchema, signedSchema } from '../statement/index.ts';
import { route } from './route.ts';

const boxLetters = Math.ceil((requestBytes * 4) / 3);

/** What is told of a request, to whoever knows its digest. */
export const bystanderViewSchema = z.object({
  request: digestSchema,
  state: z.enum(['waiting', 'decided', 'done', 'refused', 'expired']),
  /** UTC day on which it came in. */
  day: z.iso.date(),
  /** The leaf of the decision. */
  decided: z.int().nullable(),
  answer: z
    .object({
      /** In steps of k, and 0 where it was found with fewer than k people. */
      counted: z.int(),
      /** False where the recordings of some could not be looked at. */
      isWhole: z.boolean(),
      /** The entry `bystander.removed`, and the salt of what it commits to. */
      entry: z.object({ index: z.int(), salt: z.string() }),
    })
    .nullable(),
});
export type BystanderView = z.infer<typeof bystanderViewSchema>;

export const bystanderRoutes = {
  fileRequest: route({
    method: 'POST',
    path: '/v1/bystanders',
    caller: 'anyone',
    body: z.strictObject({ box: z.string().length(boxLetters), request: digestSchema }),
    reply: bystanderViewSchema,
    says: 'Takes a request that is sealed to the vault; `request` is the digest of its bytes.',
  }),
  request: route({
    method: 'GET',
    path: '/v1/bystanders/:digest',
    caller: 'anyone',
    body: 'none',
    reply: bystanderViewSchema,
    says: 'What became of a request; never what it seeks, nor where that was.',
  }),
  requests: route({
    method: 'GET',
    path: '/v1/bystanders',
    caller: 'person',
    body: 'none',
    reply: z.object({
      requests: z.array(
        bystanderViewSchema.extend({
          /** With the signatures that it has so far. */
          statement: signedSchema(bystanderRemovalSchema).nullable(),
        }),
      ),
    }),
    says: 'Requests of bystanders for who decides on them, newest first.',
  }),
  decide: route({
    method: 'POST',
    path: '/v1/bystander-removals',
    caller: 'person',
    body: z.strictObject({ statement: signedSchema(bystanderRemovalSchema) }),
    reply: bystanderViewSchema,
    says: 'Decides on a request, or adds a signature; it takes a steward and an officer.',
  }),
} as const;
