// That somebody who never joined is to be found and taken out. A steward and an officer decide over
// the digest of a sealed request: neither they nor the server learn what it seeks.
import { z } from 'zod';
import { type Charter, hasQuorum, idSchema, type Role } from './charter.ts';
import { digestSchema, instantSchema } from './envelope.ts';

export const bystanderRemovalSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('bystander-removal'),
  programme: idSchema('prog'),
  /** SHA-256 of the sealed request. */
  request: digestSchema,
  at: instantSchema,
});
export type BystanderRemoval = z.infer<typeof bystanderRemovalSchema>;

const deciders: readonly Role[] = ['steward', 'officer'];
const rolesMin = 2;

/** Whether `keys` are of a steward and an officer. */
export function mayRemove(charter: Charter, keys: ReadonlySet<string>): boolean {
  const persons = charter.persons.filter(({ role }) => deciders.includes(role));
  return hasQuorum({ ...charter, persons }, keys, rolesMin);
}
