// Whether a participant consents now: signed by their device, of this notice, renewed within the
// charter's bound, and not withdrawn or erased since.
import {
  type Charter,
  type Consent,
  type Purpose,
  programmeFingerprint,
} from '@handrail/core/statement';
import { objectsTo } from '../state/objection.ts';
import type { LedgerState } from '../state/state.ts';
import { type Use, whyStopped } from './programme.ts';
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
  /** What the data is opened for, where it is one of the charter's purposes. */
  readonly purpose?: Purpose;
  readonly use?: Use;
}

export interface Consenting {
  readonly kind: 'allowed';
  /** Of the epoch asked for. */
  readonly consent: Consent;
  /** The newest of any epoch: it names the reading key. */
  readonly latest: Consent;
  /** The charter that was agreed to: it may ask for less than the one in force. */
  readonly agreed: Charter;
}

export function checkConsent(state: LedgerState, question: ConsentQuestion): Consenting | Refused {
  const { pseudonym, consentEpoch, nowMs, purpose } = question;
  const stopped = whyStopped(state, question.use);
  if (stopped !== undefined) return refuse(stopped);
  if (consentEpoch <= (state.floors.get(pseudonym) ?? 0)) return refuse('consent-withdrawn');
  const participant = state.participants.get(pseudonym);
  const consent = participant?.consents.get(consentEpoch);
  const latest = participant?.consents.get(Math.max(...participant.consents.keys()));
  if (consent === undefined || latest === undefined) return refuse('consent-unknown');
  const agreed = agreedCharter(state, consent, question.vaultKey);
  if (agreed === undefined) return refuse('consent-to-another-notice');
  if (purpose !== undefined && !agreed.purposes.includes(purpose)) {
    return refuse('consent-to-fewer-purposes');
  }
  if (purpose !== undefined && objectsTo(state, pseudonym, purpose)) {
    return refuse('objected-to-purpose');
  }
  const ageMs = nowMs - Date.parse(latest.at);
  const freshDays = Math.min(agreed.consentFreshDaysMax, state.charter.consentFreshDaysMax);
  if (ageMs > freshDays * dayMs) return refuse('consent-not-renewed');
  if (ageMs < -aheadMsMax) return refuse('consent-of-another-time');
  return { kind: 'allowed', consent, latest, agreed };
}

/** The charter whose fingerprint and notice a consent names. */
export function agreedCharter(
  { standing }: LedgerState,
  { notice, fingerprint }: Consent,
  vaultKey: string,
): Charter | undefined {
  return standing.charters.findLast((charter) => {
    return notice === charter.noticeDigest && fingerprint === fingerprintOf(charter, vaultKey);
  });
}

const known = new WeakMap<Charter, { readonly vaultKey: string; readonly fingerprint: string }>();

/** Asked for with every consent, so it is worked out once. */
function fingerprintOf(charter: Charter, vaultKey: string): string {
  const before = known.get(charter);
  if (before?.vaultKey === vaultKey) return before.fingerprint;
  const fingerprint = programmeFingerprint(vaultKey, charter);
  known.set(charter, { vaultKey, fingerprint });
  return fingerprint;
}
