// A legal hold: an order to keep what would be destroyed otherwise. It delays destruction and gives
// nobody anything to read; placing and releasing it take two persons of different roles.
import { z } from 'zod';
import { type Charter, hasQuorum, idSchema, type Role } from './charter.ts';
import { instantSchema } from './envelope.ts';

const common = {
  v: z.literal(1),
  programme: idSchema('prog'),
  hold: idSchema('hold'),
  at: instantSchema,
} as const;

export const holdSchema = z.strictObject({
  ...common,
  kind: z.literal('hold'),
  /** Null: everybody's. One participant to a hold, so that they may see all of it. */
  participant: idSchema('part').nullable(),
  /** UTC days, both included; null: all. */
  days: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).nullable(),
  /** Which order it follows, in words that the participant is shown. */
  reason: z.string().min(1).max(500),
});
export type Hold = z.infer<typeof holdSchema>;

/** A hold that was released is never placed again: another one has another id. */
export const holdReleaseSchema = z.strictObject({ ...common, kind: z.literal('hold-release') });
export type HoldRelease = z.infer<typeof holdReleaseSchema>;

/** What persons sign about a hold. */
export const holdWordSchema = z.discriminatedUnion('kind', [holdSchema, holdReleaseSchema]);
export type HoldWord = z.infer<typeof holdWordSchema>;

const holders: readonly Role[] = ['steward', 'officer', 'incident'];
const rolesMin = 2;

/** Whether `keys` are of two persons of different roles who may decide on holds. */
export function mayHold(charter: Charter, keys: ReadonlySet<string>): boolean {
  const persons = charter.persons.filter(({ role }) => holders.includes(role));
  return hasQuorum({ ...charter, persons }, keys, rolesMin);
}

/** Whether one of `holds` keeps what `pseudonym` gave on a UTC day. */
export function isHeld(
  holds: Iterable<Pick<Hold, 'participant' | 'days'>>,
  pseudonym: string,
  day: string,
): boolean {
  for (const { participant, days } of holds) {
    if (participant !== null && participant !== pseudonym) continue;
    if (days === null || (days.from <= day && day <= days.to)) return true;
  }
  return false;
}
