// Keys are destroyed only on the participant's own signed withdrawal or erasure of that epoch.
import type { LedgerState } from '../state/state.ts';
import { type Refused, refuse } from './verdict.ts';

export function checkShred(
  state: LedgerState,
  pseudonym: string,
  consentEpoch: number,
): { readonly kind: 'allowed'; readonly epochs: readonly number[] } | Refused {
  if (consentEpoch > (state.floors.get(pseudonym) ?? 0)) {
    return refuse('no-withdrawal-in-the-ledger');
  }
  const known = state.participants.get(pseudonym)?.consents.keys() ?? [];
  return { kind: 'allowed', epochs: [...known].filter((epoch) => epoch <= consentEpoch) };
}
