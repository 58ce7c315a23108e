// Objections to a purpose: made by participants, answered by deciders, who do not see whose they
// are. Whether the data is out is for the vault to say; what is told here follows the same rule.
import { HandrailError } from '@handrail/core/errors';
import {
  answerByMs,
  keepsOut,
  type Objection,
  type ObjectionAnswer,
  type Person,
  type Signed,
  signersOf,
  statementDigest,
} from '@handrail/core/statement';
import type { ObjectionView } from '@handrail/core/wire';
import { objectionViewSchema } from '@handrail/core/wire';
import type { Selectable } from 'kysely';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow, Tables } from '../storage/tables.ts';
import { allows, personAsking } from './access.ts';
import { instantOf } from './instant.ts';

const listedMax = 1_000;

/** Throws `consent.stale` for who does not take part, `state.conflict`. */
export function requireObjectable(
  { programme }: ServerContext,
  { purpose, consentEpoch }: Objection,
  now: ParticipantRow,
): void {
  if (now.state !== 'active' || now.consent_epoch !== consentEpoch) {
    throw new HandrailError('consent.stale', `Name the current epoch, ${now.consent_epoch}.`);
  }
  if (programme.inForce.charter.payload.purposes.includes(purpose)) return;
  throw new HandrailError('state.conflict', 'The charter has no such purpose.');
}

/** Newest first: those of one participant. */
export async function objectionsOf(
  { db }: ServerContext,
  { pseudonym }: ParticipantRow,
): Promise<{ objections: ObjectionView[] }> {
  const rows = await db
    .selectFrom('objection')
    .selectAll()
    .where('pseudonym', '=', pseudonym)
    .orderBy('ordinal', 'desc')
    .limit(listedMax)
    .execute();
  return { objections: rows.map(viewOf) };
}

/** Newest first, for deciders. Throws `access.denied`. */
export async function listObjections(
  context: ServerContext,
  caller: Person,
): Promise<{ objections: ObjectionView[] }> {
  requireDecider(context, caller);
  const rows = await context.db
    .selectFrom('objection')
    .selectAll()
    .orderBy('ordinal', 'desc')
    .limit(listedMax)
    .execute();
  return { objections: rows.map(viewOf) };
}

/** Throws `access.denied`, `signature.invalid`, `not.found`, `state.conflict`. */
export async function answerObjection(
  context: ServerContext,
  digest: string,
  statement: Signed<ObjectionAnswer>,
  caller: Person,
): Promise<ObjectionView> {
  requireDecider(context, caller);
  const { objection, programme } = statement.payload;
  if (!(await signersOf(statement)).has(caller.publicKey)) {
    throw new HandrailError('signature.invalid', 'The answer is not signed by who sends it.');
  }
  if (objection !== digest || programme !== context.charter.payload.programme) {
    throw new HandrailError('state.conflict', 'This answers another objection.');
  }
  return context.statements.inTurn(async () => {
    const before = await oneObjection(context, digest);
    const known = await context.statements.leafOf(statementDigest(statement));
    if (known === undefined) {
      if (before.answer !== undefined && statement.payload.answer === 'declined') {
        throw new HandrailError('state.conflict', 'It was answered already.');
      }
      await context.statements.accept(statement);
    }
    return oneObjection(context, digest);
  });
}

async function oneObjection({ db }: ServerContext, digest: string): Promise<ObjectionView> {
  const row = await db
    .selectFrom('objection')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst();
  if (row === undefined) throw new HandrailError('not.found', 'There is no such objection.');
  return viewOf(row);
}

function requireDecider(context: ServerContext, caller: Person): void {
  const { programme } = context.charter.payload;
  if (allows(context, personAsking(caller), { action: 'objection.answer', programme })) return;
  throw new HandrailError('access.denied', 'Stewards and officers answer objections.');
}

function viewOf(row: Selectable<Tables['objection']>): ObjectionView {
  const objectedMs = Date.parse(row.at);
  const answered =
    row.answer === null || row.answered_at === null
      ? {}
      : { answer: row.answer, answeredMs: Date.parse(row.answered_at) };
  return objectionViewSchema.parse({
    digest: row.digest,
    purpose: row.purpose,
    at: row.at,
    answerBy: instantOf(answerByMs(objectedMs)),
    out: keepsOut({ objectedMs, ...answered }),
    ...(row.answer === null ? {} : { answer: row.answer, reason: row.reason ?? '' }),
  });
}
