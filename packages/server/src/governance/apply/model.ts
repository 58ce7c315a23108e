// Models trained on a release, each with the newest decision about it.
import {
  type ModelDecision,
  type ModelStatement,
  type Signed,
  statementDigest,
} from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const modelChanges = { model: applyModel, 'model-decision': applyDecision } as const;

async function applyModel(
  { transaction }: Application,
  statement: Signed<ModelStatement>,
): Promise<void> {
  const { release } = statement.payload;
  const row = { digest: statementDigest(statement), release, statement: JSON.stringify(statement) };
  await transaction
    .insertInto('model')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyDecision(
  { transaction }: Application,
  statement: Signed<ModelDecision>,
): Promise<void> {
  await transaction
    .updateTable('model')
    .set({ decision: JSON.stringify(statement) })
    .where('digest', '=', statement.payload.model)
    .execute();
}
