// What a participant has stated about their consent, and what proves where it stands: for receipts.
import { HandrailError } from '@handrail/core/errors';
import type { OwnStatement } from '@handrail/core/wire';
import type { ServerContext } from '../context.ts';
import type { ParticipantRow } from '../storage/tables.ts';

const listedMax = 1_000;

/** Newest last; renewals are statements too. */
export async function ownStatements(
  { db, statements }: ServerContext,
  { pseudonym }: ParticipantRow,
): Promise<{ statements: OwnStatement[] }> {
  const rows = await db
    .selectFrom('statement')
    .select('leaf')
    .where('pseudonym', '=', pseudonym)
    .where('kind', 'in', ['consent', 'withdrawal', 'erasure'])
    .orderBy('leaf', 'desc')
    .limit(listedMax)
    .execute();
  const own: OwnStatement[] = [];
  for (const { leaf } of rows.reverse()) {
    const kept = await statements.behind(leaf);
    const payload = kept?.statement.payload;
    if (kept === undefined || payload === undefined || !isOwn(payload)) {
      throw new HandrailError(
        'storage.broken',
        `The statement of ledger entry ${leaf} is missing.`,
      );
    }
    const { signatures } = kept.statement;
    own.push({ index: leaf, salt: kept.salt, statement: { payload, signatures } });
  }
  return { statements: own };
}

type Own = OwnStatement['statement']['payload'];

function isOwn(payload: { readonly kind: string }): payload is Own {
  return ['consent', 'withdrawal', 'erasure'].includes(payload.kind);
}
