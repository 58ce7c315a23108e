// What became of what a participant took back: what still delays its destruction, and what the
// vault signed of it.
import { HandrailError } from '@handrail/core/errors';
import {
  type ErasureCertificate,
  erasureCertificateSchema,
  type Hold,
  type Signed,
  signedSchema,
  signersOf,
} from '@handrail/core/statement';
import { sql } from 'kysely';
import type { ServerContext } from '../context.ts';
import { holdsOver } from '../governance/holds.ts';
import type { ParticipantRow } from '../storage/tables.ts';
import { deleteShredded, type Owner } from './retention.ts';

const signedCertificate = signedSchema(erasureCertificateSchema);

export interface ErasureState {
  readonly holds: Signed<Hold>[];
  readonly certificate: Signed<ErasureCertificate> | null;
}

export async function erasureOf(
  { db }: ServerContext,
  { pseudonym }: ParticipantRow,
): Promise<ErasureState> {
  const row = await db
    .selectFrom('certificate')
    .select('statement')
    .where('pseudonym', '=', pseudonym)
    .orderBy('consent_epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
  const certificate = row ? signedCertificate.parse(JSON.parse(row.statement)) : null;
  return { holds: await holdsOver(db, pseudonym), certificate };
}

/** Deletes what the vault cannot open any more. Throws `state.conflict` for who takes part. */
export async function takeErased(
  context: ServerContext,
  owner: Owner,
): Promise<{ segments: number; trajectories: number }> {
  await requireLeft(context, owner);
  await deleteShredded(context, owner);
  const gone = async (table: 'segment' | 'trajectory') => {
    const { count } = await context.db
      .selectFrom(table)
      .select((select) => select.fn.countAll().as('count'))
      .where('pseudonym', '=', owner.pseudonym)
      .where('consent_epoch', '<=', owner.consentEpoch)
      .where('stored', '=', false)
      .where(wasStored(table))
      .executeTakeFirstOrThrow();
    return Number(count);
  };
  return { segments: await gone('segment'), trajectories: await gone('trajectory') };
}

/** Throws `signature.invalid`, `state.conflict`. */
export async function takeCertificate(
  context: ServerContext,
  statement: Signed<ErasureCertificate>,
): Promise<void> {
  if (!(await signersOf(statement)).has(context.config.vaultKey)) {
    throw new HandrailError('signature.invalid', 'The certificate is not signed by the vault.');
  }
  await requireLeft(context, statement.payload);
  await context.facts.record({ kind: 'certificate', statement });
}

/** What intake refused never lay here. */
function wasStored(table: 'segment' | 'trajectory') {
  return table === 'segment' ? sql<boolean>`batch is not null` : sql<boolean>`true`;
}

async function requireLeft({ db }: ServerContext, owner: Owner): Promise<void> {
  const row = await db
    .selectFrom('participant')
    .select('left_epoch')
    .where('pseudonym', '=', owner.pseudonym)
    .executeTakeFirst();
  if (row !== undefined && owner.consentEpoch <= row.left_epoch) return;
  throw new HandrailError('state.conflict', 'They have not left.');
}
