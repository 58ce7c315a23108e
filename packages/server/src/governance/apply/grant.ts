// Approvals and revocations, by the grant they are of.
import type { Approval, Signed, StatementOf } from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const grantChanges = { approval: applyApproval, revocation: applyRevocation } as const;

async function applyApproval(
  { transaction, leaf }: Application,
  statement: Signed<Approval>,
): Promise<void> {
  const grant = statement.payload.grant.id;
  for (const { key } of statement.signatures) {
    await transaction
      .insertInto('approval')
      .values({ grant_id: grant, key, leaf, statement: JSON.stringify(statement) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function applyRevocation(
  { transaction }: Application,
  { payload: revocation }: Signed<StatementOf<'revocation'>>,
): Promise<void> {
  await transaction
    .updateTable('grant_request')
    .set({ revoked: true })
    .where('id', '=', revocation.grant)
    .execute();
}
