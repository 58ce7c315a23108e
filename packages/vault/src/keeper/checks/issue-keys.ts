// Day keys are made only for a participant who consents now, and only for the newest epoch.
import type { LedgerState } from '../state/state.ts';
import { type Consenting, type ConsentQuestion, checkConsent } from './consent.ts';
import { type Refused, refuse } from './verdict.ts';

export function checkIssueKeys(
  state: LedgerState,
  question: ConsentQuestion,
): Consenting | Refused {
  const verdict = checkConsent(state, question);
  if (verdict.kind === 'refused') return verdict;
  return verdict.latest.consentEpoch === question.consentEpoch
    ? verdict
    : refuse('consent-epoch-not-current');
}
