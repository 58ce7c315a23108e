// Whether a participant consents now: signed by their device, of this notice, renewed within the
// charter's bound, and not withdrawn or erased since.
import { type Charter, type Consent, programmeFingerprint } from '@handrail/core/statement';
import type { LedgerState } from '../state/state.ts';
import { type Refused, refuse } from './verdict.ts';

const dayMs = 86_400_000;
/** A device's clock may run ahead by this much. */
const aheadMsMax = dayMs;

export interface ConsentQuestion {
  /** Ed25519, base64url. */
  readonly vaultKey: string;
  readonly pseudonym: string;
  readonly consentEpoch: number;
  readonly nowMs: number;
}

export interface Consenting {
  readonly kind: 'allowed';
  /** Of the epoch asked for. */
  readonly consent: Consent;
  /** The newest of any epoch: it names the reading key. */
  readonly latest: Consent;
}

export function checkConsent(state: LedgerState, question: ConsentQuestion): Consenting | Refused {
  const { pseudonym, consentEpoch, nowMs } = question;
  const { charter } = state;
  if (state.halted) return refuse('programme-halted');
  if (consentEpoch <= (state.floors.get(pseudonym) ?? 0)) return refuse('consent-withdrawn');
  const participant = state.participants.get(pseudonym);
  const consent = participant?.consents.get(consentEpoch);
  const latest = participant?.consents.get(Math.max(...participant.consents.keys()));
  if (consent === undefined || latest === undefined) return refuse('consent-unknown');
  if (!namesProgramme(consent, charter, question.vaultKey)) {
    return refuse('consent-to-another-notice');
  }
  const ageMs = nowMs - Date.parse(latest.at);
  if (ageMs > charter.consentFreshDaysMax * dayMs) return refuse('consent-not-renewed');
  if (ageMs < -aheadMsMax) return refuse('consent-of-another-time');
  return { kind: 'allowed', consent, latest };
}

function namesProgramme(consent: Consent, charter: Charter, vaultKey: string): boolean {
  return (
    consent.notice === charter.noticeDigest &&
    consent.fingerprint === programmeFingerprint(vaultKey, charter)
  );
}
