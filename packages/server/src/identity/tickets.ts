// Tickets: for one purpose, once, within ten minutes. What they stand for waits in the database, so
// that any server of the organisation can take them.
import { HandrailError } from '@handrail/core/errors';
import type { ServerContext } from '../context.ts';
import { hashOf, newSecret, secretPattern } from './secret.ts';

export const ticketSeconds = 600;
export const ticketsMax = 10_000;

export type Purpose = 'sign-in' | 'enrol-passkey' | 'oidc' | 'passkey-creation' | 'passkey-use';

export interface Ticket {
  readonly ticket: string;
  /** Unix seconds. */
  readonly until: number;
}

/** Throws `rate.limited` when too many are out. */
export async function newTicket(
  context: ServerContext,
  purpose: Purpose,
  body: unknown,
): Promise<Ticket> {
  const { db, nowMs } = context;
  const nowSeconds = Math.floor(nowMs() / 1000);
  await db.deleteFrom('login_ticket').where('expires_at', '<=', nowSeconds).execute();
  const { out } = await db
    .selectFrom('login_ticket')
    .select((count) => count.fn.countAll().as('out'))
    .executeTakeFirstOrThrow();
  if (Number(out) >= ticketsMax) {
    throw new HandrailError('rate.limited', 'Too many are signing in: try again in ten minutes.');
  }
  const ticket = newSecret(context);
  const until = nowSeconds + ticketSeconds;
  await db
    .insertInto('login_ticket')
    .values({ hash: hashOf(ticket), purpose, body: JSON.stringify(body), expires_at: until })
    .execute();
  return { ticket, until };
}

/** What the ticket stands for, and nobody else gets it; undefined when it is none, or used up. */
export async function useTicket(
  { db, nowMs }: ServerContext,
  purpose: Purpose,
  ticket: string,
): Promise<unknown> {
  if (!secretPattern.test(ticket)) return undefined;
  const row = await db
    .deleteFrom('login_ticket')
    .where('hash', '=', hashOf(ticket))
    .where('purpose', '=', purpose)
    .where('expires_at', '>', Math.floor(nowMs() / 1000))
    .returning('body')
    .executeTakeFirst();
  return row === undefined ? undefined : JSON.parse(row.body);
}
