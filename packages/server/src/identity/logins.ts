// Logins: a random cookie, kept as a hash, for eight hours at most and half an hour without use. A
// login is somebody's only through the key that linked it, and gives no right but to stop things.
import { type Person, personOf } from '@handrail/core/statement';
import type { ServerContext } from '../context.ts';
import type { LoginIdentityRow, ParticipantRow } from '../storage/tables.ts';
import { codeOf, hashOf, newSecret, secretPattern } from './secret.ts';

export const loginSecondsMax = 8 * 3_600;
export const idleSecondsMax = 1_800;
const loginsPerIdentityMax = 5;

export type LoginHolder =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'participant'; readonly participant: ParticipantRow };

export interface Login {
  readonly secret: string;
  readonly identity: LoginIdentityRow;
  readonly holder: LoginHolder;
  /** Unix seconds. */
  readonly until: number;
}

/** Gives what the cookie shall hold. The oldest logins of an identity with too many end. */
export async function openLogin(
  context: ServerContext,
  identity: LoginIdentityRow,
): Promise<string> {
  const { db, nowMs } = context;
  const secret = newSecret(context);
  const now = Math.floor(nowMs() / 1000);
  await db
    .deleteFrom('login_session')
    .where((row) =>
      row.or([
        row('started_at', '<=', now - loginSecondsMax),
        row('seen_at', '<=', now - idleSecondsMax),
      ]),
    )
    .execute();
  const open = await db
    .selectFrom('login_session')
    .select('hash')
    .where('identity', '=', identity.id)
    .orderBy('started_at', 'desc')
    .offset(loginsPerIdentityMax - 1)
    .execute();
  for (const { hash } of open) {
    await db.deleteFrom('login_session').where('hash', '=', hash).execute();
  }
  const link_code = hashOf(codeOf(secret));
  const times = { started_at: now, seen_at: now };
  await db
    .insertInto('login_session')
    .values({ hash: hashOf(secret), identity: identity.id, link_code, ...times })
    .execute();
  return secret;
}

/** The login that a cookie holds, if it is one that is open now. */
export async function loginOf(context: ServerContext, secret: string): Promise<Login | undefined> {
  if (!secretPattern.test(secret)) return undefined;
  const { db, nowMs } = context;
  const now = Math.floor(nowMs() / 1000);
  const session = await db
    .updateTable('login_session')
    .set({ seen_at: now })
    .where('hash', '=', hashOf(secret))
    .where('started_at', '>', now - loginSecondsMax)
    .where('seen_at', '>', now - idleSecondsMax)
    .returningAll()
    .executeTakeFirst();
  if (session === undefined) return undefined;
  const identity = await db
    .selectFrom('login_identity')
    .selectAll()
    .where('id', '=', session.identity)
    .where('active', '=', true)
    .executeTakeFirst();
  if (identity === undefined) return undefined;
  const holder = await holderOf(context, identity);
  return { secret, identity, holder, until: session.started_at + loginSecondsMax };
}

export async function endLogin({ db }: ServerContext, secret: string): Promise<void> {
  await db.deleteFrom('login_session').where('hash', '=', hashOf(secret)).execute();
}

/** Whoever's key linked it, as long as that key is theirs and counts. */
async function holderOf(
  { charter, programme }: ServerContext,
  { holder, holder_key: key }: LoginIdentityRow,
): Promise<LoginHolder> {
  if (holder === null || key === null || programme.isStopped(key)) return { kind: 'nobody' };
  const person = personOf(charter.payload, key);
  if (person?.id === holder) return { kind: 'person', person };
  const participant = await programme.participantByKey(key);
  if (participant?.pseudonym !== holder) return { kind: 'nobody' };
  return { kind: 'participant', participant };
}
