// What must outlive a power cut about logins: whose they are, that they ended, and which keys no
// longer count. Open logins and tickets are not among it: they are signed in again, or asked again.
import { loginLinkSchema, signedSchema } from '@handrail/core/statement';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../storage/tables.ts';

const identity = {
  id: z.string(),
  issuer: z.string(),
  subject: z.string(),
  userName: z.string(),
} as const;

export const identityFacts = [
  z.strictObject({
    kind: z.literal('login-link'),
    ...identity,
    holder: z.string(),
    holderKey: z.string(),
    /** Null where the key asked for a one-time ticket. */
    link: signedSchema(loginLinkSchema).nullable(),
  }),
  z.strictObject({
    kind: z.literal('login-ended'),
    ...identity,
    holder: z.string().nullable(),
    holderKey: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('key-stopped'),
    key: z.string(),
    why: z.enum(['device-lost', 'login-ended']),
  }),
] as const;
export type IdentityFact = z.infer<(typeof identityFacts)[number]>;
type FactOf<K extends IdentityFact['kind']> = Extract<IdentityFact, { kind: K }>;

export async function applyIdentityFact(
  transaction: Transaction<Tables>,
  fact: IdentityFact,
): Promise<void> {
  switch (fact.kind) {
    case 'login-link':
      return applyLink(transaction, fact);
    case 'login-ended':
      return applyEnd(transaction, fact);
    case 'key-stopped':
      return stopKey(transaction, fact.key, fact.why);
  }
}

async function applyLink(
  transaction: Transaction<Tables>,
  { id, issuer, subject, userName, holder, holderKey, link }: FactOf<'login-link'>,
): Promise<void> {
  if (holder.startsWith('part_') && !(await takesPart(transaction, holder))) return;
  const text = link === null ? null : JSON.stringify(link);
  const held = { holder, holder_key: holderKey, link: text };
  await transaction
    .insertInto('login_identity')
    .values({ id, issuer, subject, user_name: userName, ...held })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(held).where('login_identity.active', '=', true),
    )
    .execute();
}

/** A link that is applied again after its participant has left says nothing any more. */
async function takesPart(transaction: Transaction<Tables>, pseudonym: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('participant')
    .select('pseudonym')
    .where('pseudonym', '=', pseudonym)
    .where('state', '=', 'active')
    .executeTakeFirst();
  return row !== undefined;
}

async function applyEnd(
  transaction: Transaction<Tables>,
  { id, issuer, subject, userName, holder, holderKey }: FactOf<'login-ended'>,
): Promise<void> {
  const held = { holder, holder_key: holderKey };
  await transaction
    .insertInto('login_identity')
    .values({ id, issuer, subject, user_name: userName, ...held, link: null, active: false })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ active: false }))
    .execute();
  await transaction.deleteFrom('login_session').where('identity', '=', id).execute();
  await transaction.deleteFrom('passkey').where('identity', '=', id).execute();
  if (holderKey !== null) await stopKey(transaction, holderKey, 'login-ended');
}

async function stopKey(
  transaction: Transaction<Tables>,
  key: string,
  why: 'device-lost' | 'login-ended',
): Promise<void> {
  await transaction
    .insertInto('stopped_key')
    .values({ key, why })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
