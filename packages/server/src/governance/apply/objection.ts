// Objections and their answers. Either may change which releases still stand.
import {
  type Objection,
  type ObjectionAnswer,
  type Signed,
  statementDigest,
} from '@handrail/core/statement';
import type { Application } from './apply-statement.ts';

export const objectionChanges = {
  objection: applyObjection,
  'objection-answer': applyAnswer,
} as const;

async function applyObjection(
  { transaction, jobs, at }: Application,
  statement: Signed<Objection>,
): Promise<void> {
  const { pseudonym, purpose } = statement.payload;
  const digest = statementDigest(statement);
  await transaction
    .insertInto('objection')
    .values({ digest, pseudonym, purpose, at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await jobs.enqueue(transaction, [{ job: { kind: 'review-releases' } }]);
}

async function applyAnswer(
  { transaction, at }: Application,
  { payload: { objection, answer, reason } }: Signed<ObjectionAnswer>,
): Promise<void> {
  await transaction
    .updateTable('objection')
    .set({ answer, reason, answered_at: at })
    .where('digest', '=', objection)
    .$if(answer === 'declined', (query) => query.where('answer', 'is', null))
    .execute();
}
