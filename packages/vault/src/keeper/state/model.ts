// Models change nothing that the keeper decides by: they are on record for those concerned.
import { type LedgerState, type Made, personKeys } from './state.ts';

export const modelRules = { model: byAPerson, 'model-decision': byAPerson } as const;

function byAPerson(state: LedgerState, _statement: unknown, { keys }: Made): boolean {
  return personKeys(state, keys).length > 0;
}
