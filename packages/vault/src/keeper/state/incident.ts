// Incidents change nothing that the keeper decides by: what stops openings is the halt beside them.
import { mayHalt } from '@handrail/core/statement';
import type { LedgerState, Made } from './state.ts';

export const incidentRules = {
  'incident-opened': (state: LedgerState, _opened: unknown, { keys }: Made) =>
    mayHalt(state.charter, keys),
  'incident-closed': (state: LedgerState, _closed: unknown, { keys }: Made) =>
    mayHalt(state.charter, keys),
} as const;
