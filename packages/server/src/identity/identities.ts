// Who can sign in, and whose login that is: only a key of the charter or of a device says so.
import { utf8 } from '@handrail/core/bytes';
import { HandrailError } from '@handrail/core/errors';
import { idOf } from '@handrail/core/ids';
import { type LoginLink, type Person, type Signed, signersOf } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { LoginIdentityRow, ParticipantRow } from '../storage/tables.ts';
import { hashOf } from './secret.ts';

/** Issuer of what a key vouches for by itself, through a one-time ticket. */
export const keyIssuer = 'urn:handrail:key';

/** Who says so, and with which key. */
export interface Holder {
  /** A person's id or a pseudonym. */
  readonly holder: string;
  /** Ed25519, base64url. */
  readonly key: string;
}

export function personHolding({ id, publicKey }: Person): Holder {
  return { holder: id, key: publicKey };
}

export function participantHolding({ pseudonym, device_key: key }: ParticipantRow): Holder {
  return { holder: pseudonym, key };
}

export function identityId(issuer: string, subject: string): string {
  return idOf('login', utf8(`${issuer}\n${subject}`));
}

/** As the provider says; new ones are nobody's yet. Undefined for one that was ended. */
export async function knownIdentity(
  { db }: ServerContext,
  issuer: string,
  subject: string,
  userName: string,
): Promise<LoginIdentityRow | undefined> {
  const id = identityId(issuer, subject);
  await db
    .insertInto('login_identity')
    .values({ id, issuer, subject, user_name: userName })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ user_name: userName }))
    .execute();
  const row = await identityOf(db, id);
  return row?.active ? row : undefined;
}

/** The login that a key vouches for itself; undefined when it was ended. */
export async function ownIdentity(
  context: ServerContext,
  { holder, key }: Holder,
): Promise<LoginIdentityRow | undefined> {
  const id = identityId(keyIssuer, holder);
  const known = await identityOf(context.db, id);
  if (known?.holder_key === key) return known.active ? known : undefined;
  await context.facts.record({
    ...{ kind: 'login-link', id, issuer: keyIssuer, subject: holder, userName: holder },
    ...{ holder, holderKey: key, link: null },
  });
  const made = await identityOf(context.db, id);
  return made?.active ? made : undefined;
}

export function identityOf(
  db: ServerContext['db'],
  id: string,
): Promise<LoginIdentityRow | undefined> {
  return db.selectFrom('login_identity').selectAll().where('id', '=', id).executeTakeFirst();
}

/**
 * The key says that the login which shows this code is its own. Throws `signature.invalid`, and
 * `access.denied` alike for a wrong code, another issuer or subject, and a login of someone else.
 */
export async function linkIdentity(
  context: ServerContext,
  statement: Signed<LoginLink>,
  { holder, key }: Holder,
): Promise<undefined> {
  const { payload } = statement;
  if (!(await signersOf(statement)).has(key)) {
    throw new HandrailError('signature.invalid', 'The link is not signed by who sends it.');
  }
  const row = await context.db
    .selectFrom('login_session')
    .innerJoin('login_identity', 'login_identity.id', 'login_session.identity')
    .selectAll('login_identity')
    .where('login_session.link_code', '=', hashOf(payload.code))
    .executeTakeFirst();
  const fits =
    row?.active === true &&
    row.issuer === payload.issuer &&
    row.subject === payload.subject &&
    payload.programme === context.charter.payload.programme &&
    (row.holder === null || row.holder === holder);
  if (!fits) throw new HandrailError('access.denied', 'No open login of yours shows this code.');
  const { id, issuer, subject, user_name: userName } = row;
  const named = { id, issuer, subject, userName };
  await context.facts.record({
    ...{ kind: 'login-link', ...named, holder, holderKey: key, link: statement },
  });
  return undefined;
}
